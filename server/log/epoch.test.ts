import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { connect } from '../../db/client.ts'
import {
  createPerson,
  createThread,
  seqsOf,
  startLogInstance,
  write,
} from '../testing/log-fixture.ts'
import { createTestDatabase, type TestDatabase } from '../testing/test-db.ts'
import { agreeOnEpoch, historySource, loadEpoch } from './epoch.ts'

let original: TestDatabase
const restored = `restored_${crypto.randomUUID().replaceAll('-', '')}`
const restoredUrl = () => Object.assign(new URL(inject('postgresUrl')), { pathname: restored }).href

async function administer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: inject('postgresUrl') })
  await client.connect()
  await client.query(statement)
  await client.end()
}

beforeAll(async () => {
  original = await createTestDatabase()
})
afterAll(async () => {
  await administer(`drop database if exists ${restored} with (force)`)
  await original.close()
})

test('after a restore old cursors are refused by name, and everything goes on from a new one', async () => {
  const before = await startLogInstance(original.url)
  const reader = await createPerson(before, 'keeper')
  const thread = await createThread(before, [reader])
  await write(before, [thread])
  const following = before.follow(reader)
  await following.ready
  const cursor = following.cursor()
  // More than one step of rewriting takes.
  await sql`
    with grown as (update streams set head = head + 45000 where id = ${thread} returning id, head)
    insert into events (stream_id, seq, type, payload)
    select id, head - 45000 + n, 'read-position.moved', '{}' from grown, generate_series(1, 45000) n`.execute(
    original.db,
  )
  following.close()

  // The same history, started again, is the same epoch: also for instances that start at once.
  const epochs = await Promise.all([1, 2, 3].map(() => loadEpoch(original.db)))
  expect(new Set(epochs.map(({ epoch }) => epoch))).toEqual(new Set([before.epoch]))
  await before.close()
  await original.db.destroy()

  await administer(
    `create database ${restored} template ${new URL(original.url).pathname.slice(1)}`,
  )
  // A cluster whose counter has not come so far: what was loaded looks like the future.
  const loaded = connect({ url: restoredUrl(), maxConnections: 1 })
  await sql`update events set xid = (xid::text::numeric + 1000000000)::text::xid8`.execute(
    loaded.db,
  )
  // One handler has the newest transaction of the thread still to do, the other nothing.
  await sql`
    insert into event_handlers (name, horizon)
    select 'behind', xid from events where stream_id = ${thread} order by seq desc limit 1`.execute(
    loaded.db,
  )
  await sql`insert into event_handlers (name, horizon) values ('done', '99999999999')`.execute(
    loaded.db,
  )
  await loaded.db.destroy()
  const after = await startLogInstance(restoredUrl())
  try {
    expect(after.epoch).not.toBe(before.epoch)
    expect(() => after.follow(reader, cursor)).toThrow(
      expect.objectContaining({ reason: 'CURSOR_EPOCH' }),
    )

    const fresh = after.follow(reader)
    await fresh.ready
    fresh.close()
    await write(after, [thread])
    const resumed = after.follow(reader, fresh.cursor())
    await resumed.ready
    // Only what is new: the ids of transactions of the other cluster do not look like news.
    expect(seqsOf(resumed.events, thread)).toEqual([45_003])
    const { db } = connect({ url: restoredUrl(), maxConnections: 1 })
    const old = await db
      .selectFrom('events')
      .select(['xid', (eb) => eb.fn.countAll<number>().as('events')])
      .groupBy('xid')
      .orderBy('xid')
      .where('streamId', '=', thread)
      .where('seq', '<', 45_003)
      .execute()
    expect(old).toEqual([
      { xid: '0', events: 2 },
      { xid: '1', events: 45_000 },
    ])
    expect(await db.selectFrom('eventHandlers').selectAll().orderBy('name').execute()).toEqual([
      { name: 'behind', horizon: '1' },
      { name: 'done', horizon: '2' },
    ])
    await db.destroy()
  } finally {
    await after.close()
  }
})

test('instances that miss what they have seen agree on one new epoch, also when the files bring another old one', async () => {
  const database = await createTestDatabase()
  try {
    const { epoch: known } = await loadEpoch(database.db)
    const missing = { epoch: known, lost: true }
    const agreed = await Promise.all([1, 2, 3].map(() => agreeOnEpoch(database.db, missing)))
    expect(new Set(agreed).size).toBe(1)
    expect(agreed[0]).not.toBe(known)
    // Who missed nothing takes what is there; so does who starts.
    expect(await agreeOnEpoch(database.db, { epoch: known, lost: false })).toBe(agreed[0])
    expect((await loadEpoch(database.db)).epoch).toBe(agreed[0])

    // The files are from between two restores: their epoch is neither ours nor one that was made for this loss.
    const older = crypto.randomUUID()
    await sql`
      update server set epoch = ${older},
        epoch_source = split_part(epoch_source, ' ', 1) || ' 2001-01-01 00:00:00+00'`.execute(
      database.db,
    )
    const renewed = await agreeOnEpoch(database.db, { epoch: agreed[0] ?? '', lost: true })
    expect([known, agreed[0], older]).not.toContain(renewed)
  } finally {
    await database.close()
  }
})

test('a history is told from another also where the identity of the cluster may not be read', async () => {
  const role = `limited_${crypto.randomUUID().replaceAll('-', '')}`
  await administer(`create role ${role}`)
  const database = await createTestDatabase()
  const whole = connect({ url: database.url, maxConnections: 1 })
  const limited = connect({ url: database.url, maxConnections: 1 })
  try {
    await sql`revoke execute on function pg_control_system() from public`.execute(database.db)
    await sql`set role ${sql.raw(role)}`.execute(limited.db)
    const read = async (db: typeof limited.db) => {
      const source = await historySource(db)
      const { rows } = await sql<{ source: string }>`select ${source} as source`.execute(db)
      return rows[0]?.source
    }
    expect(await read(limited.db)).toMatch(/^\d+\.\d+$/)
    expect(await read(whole.db)).toMatch(/^\d+\.\d+\.\d+\.\d+$/)
  } finally {
    await whole.db.destroy()
    await limited.db.destroy()
    await database.close()
    await administer(`drop role ${role}`)
  }
})
