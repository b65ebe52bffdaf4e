/** The database gets another history while instances run and people follow it. */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import pino from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createMemoryBus, type MemoryNetwork } from '../bus/memory-bus.ts'
import { readEnv } from '../env.ts'
import type { FactItem } from '../features/events/fact.subscription.ts'
import { createServices, type Services } from '../services.ts'
import { addPerson, type TestPerson } from '../testing/factories.ts'
import { startOwnPostgres, type OwnPostgres } from '../testing/own-postgres.ts'
import { newestEvent, watchHistory } from './history-watch.ts'
import { createJointLook } from './joint-look.ts'

let postgres: OwnPostgres
let instances: Services[]
let ada: TestPerson
let threadId: string

beforeAll(async () => {
  postgres = await startOwnPostgres()
  const network: MemoryNetwork = new Set()
  const env = readEnv({ NODE_ENV: 'test', LOG_LEVEL: 'silent', DATABASE_POOL: '4' })
  instances = []
  for (let i = 0; i < 3; i++)
    instances.push(await createServices(env, postgres.url, { bus: createMemoryBus(network) }))
  ada = await addPerson(first(), 'Ada Lovelace', 'ada')
  threadId = (await ada.api.threads.list({})).threads[0]?.id ?? ''
}, 60_000)
afterAll(async () => {
  for (const services of instances) await services.close()
  await postgres.close()
})

function first(): Services {
  const [services] = instances
  if (!services) throw new Error('no instance')
  return services
}

interface Reader {
  texts: string[]
  cursor: string
  failure: string | null
}

/** As the caller really gives them. */
type Items = AsyncIterable<readonly [id: string, item: FactItem]>

/** Follows what Ada sees over an instance. */
async function follow(services: Services, cursor?: string): Promise<Reader> {
  const reader: Reader = { texts: [], cursor: '', failure: null }
  const items = await ada.on(services).events.stream(cursor === undefined ? {} : { cursor })
  void (async () => {
    try {
      for await (const [, { cursor, events }] of items as unknown as Items) {
        reader.cursor = cursor
        for (const event of events)
          if (event.type === 'message.posted') reader.texts.push(event.payload.message.text)
      }
    } catch (error) {
      const { reason, cause } = error as { reason?: string; cause?: { reason?: string } }
      reader.failure = reason ?? cause?.reason ?? String(error)
    }
  })()
  await waitFor(() => reader.cursor !== '' || reader.failure !== null)
  return reader
}

async function waitFor(done: () => boolean, ms = 10_000): Promise<void> {
  for (const deadline = Date.now() + ms; !done(); await sleep(20))
    if (Date.now() > deadline) throw new Error('not in time')
}

let sent = 0
/** @returns its seq */
async function say(text: string, services = first()): Promise<number> {
  for (;;) {
    const clientId = `c${sent++}`
    try {
      return (await ada.on(services).messages.send({ threadId, clientId, text })).message.seq
    } catch {
      await sleep(100)
    }
  }
}

const epochs = () => new Set(instances.map(({ server }) => server.epoch))

test('files of an older moment that are put back under the same identity end every reader, on all instances, and nothing new is lost', async () => {
  await say('kept')
  await postgres.save()
  await waitUntilBack()
  const lost = await say('lost')
  await say('lost as well')
  const readers = await Promise.all(instances.map((services) => follow(services)))
  await say('heard by all', first())
  await waitFor(() => readers.every(({ texts }) => texts.includes('heard by all')))
  const before = epochs()
  expect(before.size).toBe(1)
  await sleep(2_500)

  await postgres.restore()
  await waitUntilBack()
  await waitFor(() => readers.every(({ failure }) => failure !== null))
  expect(readers.map(({ failure }) => failure)).toEqual(Array(3).fill('CURSOR_EPOCH'))
  await waitFor(() => epochs().size === 1)
  const after = epochs()
  expect(after).not.toEqual(before)

  // Who comes with what they had is refused; who begins anew hears the numbers that are used again.
  const [, second = first(), third = first()] = instances
  expect((await follow(second, readers[1]?.cursor)).failure).toBe('CURSOR_EPOCH')
  const fresh = await follow(third)
  expect(await say('written instead', second)).toBe(lost)
  await waitFor(() => fresh.texts.includes('written instead'))
  const { cursor } = fresh
  await say('and after', first())
  const resumed = await follow(second, cursor)
  await waitFor(() => resumed.texts.includes('and after'))
  await sleep(5_000)
  expect(epochs()).toEqual(after)
  expect(fresh.failure).toBeNull()
}, 90_000)

test('a database that crashed and came back has its old history, and nobody is sent away', async () => {
  const readers = await Promise.all(instances.map((services) => follow(services)))
  const before = epochs()
  await say('kept through it')
  await postgres.stop()
  await postgres.start()
  await waitUntilBack()
  await say('after it')
  await waitFor(() => readers.every(({ texts }) => texts.includes('after it')))
  await sleep(3_000)
  expect(readers.map(({ failure }) => failure)).toEqual([null, null, null])
  expect(epochs()).toEqual(before)
}, 60_000)

test('connections with another time zone find the same history, and nobody is sent away', async () => {
  const readers = await Promise.all(instances.map((services) => follow(services)))
  const before = epochs()
  await say('kept in any zone')
  await waitFor(() => readers.every(({ texts }) => texts.includes('kept in any zone')))
  await sleep(2_500)
  const { db } = first()
  await sql`alter role current_user set timezone to 'Asia/Kolkata'`.execute(db)
  await sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()`.execute(db)
  await waitUntilBack()
  const { rows } = await sql`
    select current_setting('timezone') as zone`.execute(instances[1]?.db ?? db)
  expect(rows).toEqual([{ zone: 'Asia/Kolkata' }])
  await sleep(3_000)
  expect(epochs()).toEqual(before)
  expect(readers.map(({ failure }) => failure)).toEqual([null, null, null])
}, 60_000)

test('a history that was rewritten, but not begun anew, is an error in the log', async () => {
  const { db, pool } = first()
  const lines: string[] = []
  const log = pino({ level: 'error' }, { write: (line) => lines.push(line) })
  const looks = createJointLook(db)
  const watch = watchHistory({
    ...{ db, pool, log, looks },
    server: { epoch: randomUUID() },
    onRewritten: () => Promise.reject(new Error('away again')),
  })
  await waitFor(() => lines.some((line) => line.includes('away again')))
  await looks.close()
  await watch.close()
})

async function waitUntilBack(): Promise<void> {
  for (const services of instances)
    for (;;)
      try {
        await ada.on(services).auth.me()
        break
      } catch {
        await sleep(50)
      }
}

test('the newest event is read off an index, also where all of them count as one transaction', async () => {
  const plan = await first()
    .db.transaction()
    .execute(async (trx) => {
      // Of a log as small as this one the planner would rather read all.
      await sql`set local enable_seqscan = off`.execute(trx)
      const { rows } = await sql<object>`explain select ${newestEvent} as newest`.execute(trx)
      return JSON.stringify(rows)
    })
  expect(plan).toContain('Index Scan Backward using events_by_xid')
  expect(plan).not.toContain('Sort')
})
