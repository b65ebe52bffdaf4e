import pino from 'pino'
import { expect, test } from 'vitest'
import { connectNatsBus } from '../bus/nats-bus.ts'
import { createPerson, createThread, raw, until, write } from '../testing/log-fixture.ts'
import { logInstances } from '../testing/log-instances.ts'
import { startTestNats } from '../testing/test-nats.ts'

const { start } = logInstances()

test('when the bus is lost the log is looked at at once, not at the next beat', async () => {
  const nats = await startTestNats()
  const log = pino({ level: 'silent' })
  const here = await start({ bus: connectNatsBus(nats.url, log) })
  const bus = connectNatsBus(nats.url, log)
  // A beat that does not come while this is tried.
  const there = await start({ bus, sweepEvery: 60_000 })
  const reader = await createPerson(here, 'reader')
  const thread = await createThread(here, [reader])
  const following = there.follow(reader)
  await following.ready
  await until(() => bus.connected, 3_000, 'connected')
  await nats.stop()
  await until(() => !bus.connected, 3_000, 'lost')
  const [seq] = await write(here, [thread])
  await until(() => raw(following, thread).length > 0, 3_000, 'the event arrives')
  expect(raw(following, thread)).toEqual([seq])
})
