/** People who are let out of a thread, or in, while they are connected: what they see ends, or begins, there. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { threadAccess } from '../features/events/thread-access.ts'
import {
  admit,
  createPerson,
  createThread,
  raw,
  release,
  seqsOf,
  until,
  upTo,
  write,
} from '../testing/log-fixture.ts'
import { logInstances } from '../testing/log-instances.ts'
import { lockStreams } from './append.ts'

const { start, startPair } = logInstances()

test('who is removed while fifty messages a second flow sees nothing committed after the removal', async () => {
  const pair = await startPair(() => (Math.random() < 0.2 ? [] : [Math.random() * 30]), 300)
  const [here, there] = pair
  const [owner, leaver] = [await createPerson(here, 'stays'), await createPerson(here, 'leaves')]
  const thread = await createThread(here, [owner, leaver])
  const readers = [
    here.follow(owner),
    here.follow(leaver),
    there.follow(owner),
    there.follow(leaver),
  ]
  await Promise.all(readers.map(({ ready }) => ready))
  const early = readers[3]?.cursor()

  let flowing = true
  let last = 0
  const flow = Promise.all(
    pair.map(async (instance) => {
      while (flowing) {
        last = Math.max(last, ...(await write(instance, [thread])))
        await sleep(40)
      }
    }),
  )
  await sleep(1_000)
  const leftAt = await release(there, thread, leaver)
  await until(() => last > leftAt + 20, 10_000, 'it flows on')
  flowing = false
  await flow
  await until(
    () => readers.every((r, i) => raw(r, thread).includes(i % 2 === 0 ? last : leftAt)),
    3_000,
    'all arrived',
  )

  const [stays1, leaves1, stays2, leaves2] = readers.map((reader) => raw(reader, thread))
  for (const whole of [stays1, stays2]) expect(whole).toEqual(upTo(last, 3))
  for (const cut of [leaves1, leaves2]) expect(cut).toEqual(upTo(leftAt, 3))

  // Nor when they come back with a cursor from before.
  const again = there.follow(leaver, early)
  await again.ready
  // The horizon may lie a little before the cursor's moment, then the beginning is repeated.
  const repeated = raw(again, thread)
  expect(repeated).toEqual(upTo(leftAt, repeated[0]))
  expect(repeated[0]).toBeLessThanOrEqual(3)
  expect(seqsOf(again.events, leaver).length).toBeGreaterThan(0)
})

test('who is removed between the look at what they may see and the listening to it hears nothing of it', async () => {
  const here = await start()
  const [owner, leaver] = [
    await createPerson(here, 'stays-on'),
    await createPerson(here, 'goes-early'),
  ]
  const thread = await createThread(here, [owner, leaver])
  let looks = 0
  const following = here.follow(leaver, undefined, {
    ...threadAccess,
    async look(db, viewers) {
      const sights = await threadAccess.look(db, viewers)
      if (looks++ === 0) {
        expect(sights[0]?.streams).toContain(thread)
        await release(here, thread, leaver)
      }
      return sights
    },
  })
  await following.ready
  await write(here, [thread])
  await sleep(100)
  expect(raw(following, thread)).toEqual([])
})

test('who is let in sees the thread from their joining on, on a connection that was open before', async () => {
  const pair = await startPair(() => [0], 60_000)
  const [here, there] = pair
  const [owner, guest] = [await createPerson(here, 'host'), await createPerson(here, 'guest')]
  const thread = await createThread(here, [owner])
  await write(here, [thread])
  const following = there.follow(guest)
  await following.ready
  await here.commit(async (trx) => {
    await lockStreams(trx, [thread, guest])
    await admit(trx, thread, guest)
  })
  for (let i = 0; i < 20; i++) await write(here, [thread])
  await until(() => raw(following, thread).length >= 21, 2_000, 'the thread arrives')
  expect(raw(following, thread)).toEqual(upTo(23, 3))
})
