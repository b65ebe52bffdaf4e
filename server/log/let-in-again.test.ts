/**
 * People who are let out of a thread and in again while an instance hears late: over a lost bus the sweep reads one
 * stream after the other, so that what a person's own stream says may come before, or after, what the thread's says.
 */
import { expect, test } from 'vitest'
import { threadAccess } from '../features/events/thread-access.ts'
import {
  admit,
  createPerson,
  createThread,
  raw,
  release,
  until,
  write,
  type LogInstance,
} from '../testing/log-fixture.ts'
import { logInstances } from '../testing/log-instances.ts'
import { lockStreams } from './append.ts'
import { readLog } from './read-log.ts'

/** Instances hear of others only what a test lets them. */
const { start } = logInstances({ sweepEvery: 60_000 })

/** What the log holds of these streams comes to the instance now, in this order. */
async function hearLate(here: LogInstance, streams: readonly string[]): Promise<void> {
  for (const stream of streams)
    here.hub.announce((await readLog(here.db, stream, 0)).events.map(({ event }) => event))
}

/** An owner and somebody else in a thread: 1 and 2 let them in. */
async function twoInAThread(here: LogInstance, name: string) {
  const owner = await createPerson(here, `${name}-owner`)
  const person = await createPerson(here, name)
  return { owner, person, thread: await createThread(here, [owner, person]) }
}

/** 3 is said, 4 lets the person out, 5 is said without them, 6 lets them in again. */
async function letOutAndInAgain(thread: string, person: string): Promise<void> {
  const elsewhere = await start()
  await write(elsewhere, [thread])
  expect(await release(elsewhere, thread, person)).toBe(4)
  await write(elsewhere, [thread])
  await elsewhere.commit(async (trx) => {
    await lockStreams(trx, [thread, person])
    await admit(trx, thread, person)
  })
}

/** All but 5, which they may have and need not, and what was there before: a cursor may repeat a little of that. */
const entitled = (seqs: readonly number[]) => seqs.filter((seq) => seq > 2 && seq !== 5)

test.each([
  { first: 'their own stream', order: (own: string, thread: string) => [own, thread] },
  { first: 'the stream of the thread', order: (own: string, thread: string) => [thread, own] },
])('live, nothing is lost or doubled when $first is heard first', async ({ first, order }) => {
  const here = await start()
  const { person, thread } = await twoInAThread(here, first.replaceAll(' ', '-'))
  const following = here.follow(person)
  await following.ready
  await letOutAndInAgain(thread, person)
  await hearLate(here, order(person, thread))
  await write(here, [thread])
  await until(() => raw(following, thread).includes(7), 2_000, 'what comes after')
  expect(entitled(raw(following, thread))).toEqual([3, 4, 6, 7])
})

test('what was said before is given also when it all is heard between two looks at the log', async () => {
  const here = await start()
  const { owner, person, thread } = await twoInAThread(here, 'looks-twice')
  const [before, other] = [here.follow(person), here.follow(owner)]
  await Promise.all([before.ready, other.ready])
  const cursor = before.cursor()
  before.close()
  let looks = 0
  const back = here.follow(person, cursor, {
    ...threadAccess,
    async look(db, viewers) {
      const sights = await threadAccess.look(db, viewers)
      if (++looks === 2) {
        await letOutAndInAgain(thread, person)
        await hearLate(here, [person, thread])
      }
      return sights
    },
  })
  await back.ready
  await write(here, [thread])
  await until(() => raw(back, thread).includes(7), 2_000, 'what comes after')
  expect(entitled(raw(back, thread))).toEqual([3, 4, 6, 7])
})

test('who comes back to an instance that has yet to hear of it stays in', async () => {
  const here = await start()
  const { owner, person, thread } = await twoInAThread(here, 'back-early')
  const other = here.follow(owner)
  await other.ready
  await letOutAndInAgain(thread, person)
  const back = here.follow(person)
  await back.ready
  await hearLate(here, [thread])
  await write(here, [thread])
  await until(() => raw(other, thread).includes(7), 2_000, 'others have what comes after')
  await until(() => raw(back, thread).includes(7), 2_000, 'and so do they')
})
