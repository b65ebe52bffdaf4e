import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { threadAccess } from '../features/events/thread-access.ts'
import type { LogEvent } from '../events.ts'
import {
  createPerson,
  createThread,
  raw,
  release,
  seqsOf,
  until,
  upTo,
  write,
} from '../testing/log-fixture.ts'
import { createTestApp } from '../testing/test-app.ts'
import { logInstances } from '../testing/log-instances.ts'
import type { Access } from './access.ts'
import { decodeCursor } from './cursor.ts'
import { FactStream } from './fact-stream.ts'

const { start } = logInstances()

test('a connection that falls behind is given nothing twice, nor of a thread its person has left meanwhile', async () => {
  // The horizon stays where it is: resuming goes back to the beginning, and only the marks drop what was sent.
  const here = await start({ sweepEvery: 60_000 })
  const [owner, leaver] = [await createPerson(here, 'marks-a'), await createPerson(here, 'marks-b')]
  const kept = await createThread(here, [leaver])
  const left = await createThread(here, [owner, leaver])
  const following = here.follow(leaver)
  await following.ready
  for (let i = 0; i < 5; i++) await write(here, [kept, left])
  const leftAt = await release(here, left, leaver)
  await until(() => raw(following, left).includes(leftAt), 2_000, 'the removal arrives')

  following.backlog = 2 * 1024 * 1024
  for (let i = 0; i < 5; i++) await write(here, [kept])
  await sleep(100)
  following.backlog = 0
  await until(() => raw(following, kept).length >= 10, 3_000, 'the rest arrives')
  await write(here, [kept])
  await until(() => raw(following, kept).length >= 11, 3_000, 'and what comes after')
  expect(raw(following, kept)).toEqual(upTo(12, 2))
  expect(raw(following, left)).toEqual(upTo(leftAt, 3))
})

test('three hundred readers who come back at once are looked up together', async () => {
  const here = await start({ pool: 3 })
  const people = await Promise.all(upTo(10).map((n) => createPerson(here, `storm-${n}`)))
  const thread = await createThread(here, people)
  const first = here.follow(people[0] ?? '')
  await first.ready
  const cursor = first.cursor()
  for (let i = 0; i < 20; i++) await write(here, [thread])

  const there = await start({ pool: 3 })
  let looks = 0
  const counting: Access = {
    ...threadAccess,
    look(db, viewers) {
      looks++
      return threadAccess.look(db, viewers)
    },
  }
  const back = people.flatMap((person) =>
    upTo(30).map(() => there.follow(person, cursor, counting)),
  )
  await Promise.all(back.map(({ ready }) => ready))
  for (const reader of back) expect(seqsOf(reader.events, thread).at(-1)).toBe(10 + 20)
  // Two rounds (what may they see; what did they miss), in batches of 250.
  expect(looks).toBeGreaterThan(1)
  expect(looks).toBeLessThanOrEqual(6)
})

test('what was deleted is not handed out from memory to who comes back', async () => {
  const app = await createTestApp()
  try {
    const { ada, ben } = app.people
    const { thread } = await ada.api.threads.create({
      clientId: randomUUID(),
      kind: 'private',
      title: 'Secrets',
      participantIds: [ben.user.id],
    })
    const seen: LogEvent[] = []
    const follow = (cursor?: string) => {
      const { facts } = app.services
      const stream = new FactStream({
        source: facts,
        userId: ben.user.id,
        cursor,
        endedBy: () => null,
        sink: {
          backlog: () => 0,
          writeFacts: (_id, _cursor, events) => void seen.push(...events.map(({ event }) => event)),
          failFacts: (_id, error) => expect.fail(error.message),
        },
        id: 0,
      })
      return stream
    }
    const watching = follow()
    await watching.start()
    const { cursor } = await ben.api.events.cursor()
    const send = { threadId: thread.id, clientId: randomUUID(), text: 'the password is swordfish' }
    const { message } = await ada.api.messages.send(send)
    await until(() => seen.some(({ type }) => type === 'message.posted'), 2_000, 'it is live')
    await ada.api.messages.delete({ messageId: message.id })
    await until(() => seen.some(({ type }) => type === 'message.deleted'), 2_000, 'it is gone')

    seen.length = 0
    const back = follow(cursor)
    await back.start()
    expect(seen.map(({ type }) => type)).toContain('message.posted')
    expect(JSON.stringify(seen)).not.toContain('swordfish')
    watching.close()
    back.close()
  } finally {
    await app.close()
  }
})

test('a connection that cannot be written to ends and does not go on with a hole; others go on', async () => {
  const here = await start()
  const reader = await createPerson(here, 'unlucky')
  const thread = await createThread(here, [reader])
  const [broken, sound] = [here.follow(reader), here.follow(reader)]
  await Promise.all([broken.ready, sound.ready])
  broken.broken = true
  await write(here, [thread])
  await until(() => raw(sound, thread).length === 1, 2_000, 'the other has it')
  broken.broken = false
  await write(here, [thread])
  await until(() => raw(sound, thread).length === 2, 2_000, 'and what follows')
  expect(broken.failures).toHaveLength(1)
  expect(raw(broken, thread)).toEqual([])
})

test('a cursor never goes back, also where the hub has not looked at the log for long', async () => {
  const here = await start({ sweepEvery: 60_000 })
  const reader = await createPerson(here, 'onwards')
  const thread = await createThread(here, [reader])
  for (let i = 0; i < 5; i++) await write(here, [thread])
  const first = here.follow(reader)
  await first.ready
  await write(here, [thread])
  await until(() => raw(first, thread).length === 1, 2_000, 'the live event arrives')
  // Transactions of others may hold it where it is, never take it back.
  const horizons = first.items.map(({ cursor }) => BigInt(decodeCursor(cursor, here.epoch).horizon))
  expect(horizons).toHaveLength(2)
  expect(horizons[1]).toBeGreaterThanOrEqual(horizons[0] ?? 0n)
})

test('a removal that is heard while the log is being read ends what is read there', async () => {
  const here = await start({ sweepEvery: 60_000 })
  const [owner, leaver] = [await createPerson(here, 'reads-a'), await createPerson(here, 'reads-b')]
  const thread = await createThread(here, [owner, leaver])
  const first = here.follow(leaver)
  await first.ready
  const cursor = first.cursor()
  first.close()
  for (let i = 0; i < 3; i++) await write(here, [thread])
  let leftAt = 0
  let looks = 0
  const back = here.follow(leaver, cursor, {
    ...threadAccess,
    async look(db, viewers) {
      const sights = await threadAccess.look(db, viewers)
      // The last look is over; before its pages are read, the person is let out and others go on.
      if (++looks === 2) {
        leftAt = await release(here, thread, leaver)
        for (let i = 0; i < 3; i++) await write(here, [thread])
      }
      return sights
    },
  })
  await back.ready
  await sleep(100)
  expect(leftAt).toBe(6)
  const seen = raw(back, thread)
  expect(Math.max(...seen)).toBe(leftAt)
})

test('who was removed between two looks is given nothing of what came after, though it was heard meanwhile', async () => {
  const instance = await start()
  const [owner, leaver] = [await createPerson(instance, 'o'), await createPerson(instance, 'l')]
  const thread = await createThread(instance, [owner, leaver])
  const before = instance.follow(leaver)
  await before.ready
  await until(() => before.cursor() !== undefined, 5_000, 'a cursor')
  before.close()
  let looks = 0
  let leftSeq = 0
  const slow: Access = {
    ...threadAccess,
    async look(db, viewers) {
      const sights = await threadAccess.look(db, viewers)
      // Committed after the first look and before the thread is watched, so it is not heard.
      if (++looks === 1) leftSeq = await release(instance, thread, leaver)
      // The thread is watched now, although its person is out: the second look finds that out.
      if (looks === 2) await write(instance, [thread])
      return sights
    },
  }
  const after = instance.follow(leaver, before.cursor(), slow)
  await after.ready
  await write(instance, [thread, owner].sort())
  await write(instance, [leaver])
  await until(() => raw(after, leaver).length > 0, 5_000, 'their own stream goes on')
  await sleep(50)
  expect(looks).toBeGreaterThanOrEqual(2)
  expect(leftSeq).toBeGreaterThan(0)
  expect(raw(after, thread).filter((seq) => seq > leftSeq)).toEqual([])
})
