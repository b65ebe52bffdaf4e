/** Turns of a handler by themselves, where their order with others' transactions is made by hand. */
import { setTimeout as sleep } from 'node:timers/promises'
import { sql, type Kysely } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { connect } from '../../db/client.ts'
import type { Database } from '../../db/schema.ts'
import { createEffects, effectsOf, noting } from '../testing/effects.ts'
import { createPerson, startLogInstance, upTo, write } from '../testing/log-fixture.ts'
import {
  createQuietDatabase,
  transactionsEnded,
  type QuietDatabase,
} from '../testing/quiet-database.ts'
import { takePlace, takeTurn } from './take-turn.ts'

const name = 'test'
const handlers = { [name]: noting(name) }

let database: QuietDatabase
let db: Kysely<Database>
beforeEach(async () => {
  database = await createQuietDatabase()
  db = database.db
  await createEffects(db)
})
afterEach(() => database.close())

test('each event takes effect once and in the order of its stream, whatever the order of commits and whoever handles it', async () => {
  const writer = await startLogInstance(database.url)
  const [one, two, three] = [
    await createPerson(writer, 'one'),
    await createPerson(writer, 'two'),
    await createPerson(writer, 'three'),
  ]
  await takePlace(db, name)
  let writing = true
  const turns = [3, 1, 500].map(async (most) => {
    const { db } = connect({ url: database.url, maxConnections: 1 })
    while (writing) {
      await takeTurn(db, handlers, name, most)
      await sleep(Math.random() * 5)
    }
    await db.destroy()
  })
  await Promise.all(
    Array.from({ length: 8 }, async (_, n) => {
      for (let i = 0; i < 25; i++)
        await write(writer, n % 2 === 0 ? [one, two] : [two, three], {
          // The id of the transaction is taken early, the streams late.
          beforeLock: async (trx) => {
            await sql`select pg_current_xact_id()`.execute(trx)
            await sleep(Math.random() * 12)
          },
        })
    }),
  )
  for (
    const deadline = Date.now() + 12_000;
    (await effectsOf(db, name)).length < 400 && Date.now() < deadline;
    await sleep(25)
  );
  writing = false
  await Promise.all(turns)
  await writer.close()
  const effects = await effectsOf(db, name)
  for (const [stream, written] of [
    [one, 100],
    [two, 200],
    [three, 100],
  ] as const)
    expect(effects.filter((effect) => effect.stream === stream).map(({ seq }) => seq)).toEqual(
      upTo(written),
    )
})

test('transactions are taken in the order of their numbers, also where those get a digit more', async () => {
  const stream = crypto.randomUUID()
  await sql`insert into streams (id, kind, head) values (${stream}, 'user', 10)`.execute(db)
  // 95 to 104, which ended long ago.
  await sql`
    insert into events (xid, stream_id, seq, type, version, payload)
    select (94 + seq)::text::xid8, ${stream}, seq, 'read-position.moved', 1,
      json_build_object('threadId', ${stream}::text, 'seq', 0)
    from generate_series(1, 10) seq`.execute(db)
  await takePlace(db, name)
  await sql`update event_handlers set horizon = '95'`.execute(db)
  for (let turns = 0; turns < 10; turns++) await takeTurn(db, handlers, name, 3)
  expect(await effectsOf(db, name)).toEqual(upTo(10).map((seq) => ({ stream, seq })))
})

test('a turn that begins while another ends does not go back behind it', async () => {
  const writer = await startLogInstance(database.url)
  const one = await createPerson(writer, 'one')
  await transactionsEnded(db)
  await takePlace(db, name)
  const slow = await connectThroughGate()

  // It has looked at what is open, and not yet at where the handler stands.
  const late = takeTurn(slow, handlers, name, 100)
  await somebodyAtGate()
  const [seq] = await write(writer, [one])
  await transactionsEnded(db)
  const early = await takeTurn(db, handlers, name, 100)
  await sql`select pg_advisory_unlock(1)`.execute(db)
  await late
  await transactionsEnded(db)
  await takeTurn(db, handlers, name, 100)
  await writer.close()
  await slow.destroy()
  expect(early).toMatchObject({ events: 1 })
  expect(await effectsOf(db, name)).toEqual([{ stream: one, seq }])
})

test('a turn that ends in the middle looks at each event a few times, however many a stream has', async () => {
  const writer = await startLogInstance(database.url)
  await takePlace(db, name)
  const one = await createPerson(writer, 'one')
  for (let i = 0; i < 200; i++) await write(writer, [one])
  await writer.close()
  await database.settled()
  const before = await database.eventsFetched()
  // A cut in the middle is what has to be moved to where no stream is cut.
  expect(await takeTurn(db, handlers, name, 100)).toMatchObject({
    events: 100,
    more: true,
  })
  const looked = (await database.eventsFetched()) - before
  expect(looked).toBeGreaterThan(0)
  expect(looked).toBeLessThan(2_000)
})

/** A connection that finds a handler's row only once the advisory lock 1, which `db` has, is released. */
async function connectThroughGate(): Promise<Kysely<Database>> {
  await sql`alter table event_handlers rename to places`.execute(db)
  await sql`
    create function gate() returns boolean language sql volatile as $$
      select case when current_setting('test.gate', true) = 'shut'
        then pg_advisory_xact_lock_shared(1) is not null else true end
    $$`.execute(db)
  await sql`create view event_handlers as select * from places where gate()`.execute(db)
  await sql`select pg_advisory_lock(1)`.execute(db)
  const slow = connect({ url: database.url, maxConnections: 1 }).db
  await sql`set test.gate = 'shut'`.execute(slow)
  return slow
}

async function somebodyAtGate(): Promise<void> {
  for (let tries = 0; tries < 400; tries++, await sleep(10)) {
    const { rows } = await sql`
      select from pg_locks join pg_database on pg_database.oid = pg_locks.database
      where locktype = 'advisory' and not granted and datname = current_database()`.execute(db)
    if (rows.length > 0) return
  }
  throw new Error('nobody came')
}
