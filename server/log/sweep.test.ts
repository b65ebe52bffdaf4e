import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import pino from 'pino'
import { expect, test } from 'vitest'
import { connect } from '../../db/client.ts'
import { connectNatsBus } from '../bus/nats-bus.ts'
import {
  createPerson,
  createThread,
  raw,
  startLogInstance,
  until,
  write,
} from '../testing/log-fixture.ts'
import { logInstances } from '../testing/log-instances.ts'
import { createQuietDatabase } from '../testing/quiet-database.ts'
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

test('while somebody holds the horizon a look costs no more and more, and finds what no signal told of', async () => {
  const quiet = await createQuietDatabase()
  const writer = await startLogInstance(quiet.url)
  const reader = await createPerson(writer, 'reader')
  const thread = await createThread(writer, [reader])
  const crowd = await createThread(writer, [await createPerson(writer, 'somebody')])
  const holder = connect({ url: quiet.url, maxConnections: 1 }).db
  const holding = await holder.startTransaction().execute()
  await sql`set local idle_in_transaction_session_timeout = 0`.execute(holding)
  await sql`select pg_current_xact_id()`.execute(holding)
  const there = await startLogInstance(quiet.url, { sweepEvery: 200 })
  const following = there.follow(reader)
  await following.ready
  // What many said meanwhile, of which this reader hears nothing.
  await sql`
    insert into events (stream_id, seq, type, version, payload)
    select ${crowd}, 1000 + n, 'read-position.moved', 1, '{}' from generate_series(1, 60000) n`.execute(
    quiet.db,
  )
  await sql`vacuum analyze events`.execute(quiet.db)
  const looksBefore = await quiet.eventsFetched()
  await sleep(1_000)
  const perLook = ((await quiet.eventsFetched()) - looksBefore) / 5
  const [seq] = await write(writer, [thread])
  await until(() => raw(following, thread).length > 0, 3_000, 'the event arrives')
  expect(raw(following, thread)).toEqual([seq])
  expect(perLook).toBeLessThan(30_000)
  await holding.rollback().execute()
  await holder.destroy()
  await there.close()
  await writer.close()
  await quiet.close()
})
