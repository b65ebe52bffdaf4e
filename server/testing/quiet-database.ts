import { setTimeout as sleep } from 'node:timers/promises'
import { sql, type Kysely, type RawBuilder } from 'kysely'
import { connect } from '../../db/client.ts'
import type { Database } from '../../db/schema.ts'
import { createTestDatabase } from './test-db.ts'

/** A database of its own with nobody else in it, for what is counted: who sweeps the log would be counted too. */
export interface QuietDatabase {
  url: string
  db: Kysely<Database>
  /** Resolves when every other connection to it is gone, and `transactionsEnded`. */
  settled(): Promise<void>
  /** Rows of `events` that statements have fetched so far. */
  eventsFetched(): Promise<number>
  close(): Promise<void>
}

export async function createQuietDatabase(): Promise<QuietDatabase> {
  const database = await createTestDatabase()
  const { db } = connect({ url: database.url, maxConnections: 1 })
  return {
    url: database.url,
    db,
    async settled() {
      await untilTrue(
        db,
        sql`not exists (
          select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
        )`,
      )
      await transactionsEnded(db)
    },
    async eventsFetched() {
      await sql`select pg_stat_force_next_flush()`.execute(db)
      await sql`select pg_stat_clear_snapshot()`.execute(db)
      const { rows } = await sql<{ rows: number }>`
        select (idx_tup_fetch + seq_tup_read)::int as rows from pg_stat_user_tables where relname = 'events'`.execute(
        db,
      )
      return rows[0]?.rows ?? 0
    },
    async close() {
      await db.destroy()
      await database.close()
    },
  }
}

/**
 * Resolves when every event there is lies before every transaction that is open, whose horizon nothing passes: one in
 * another database of the cluster, where other tests run, holds it back, too.
 */
export async function transactionsEnded(db: Kysely<Database>): Promise<void> {
  await untilTrue(
    db,
    sql`not exists (select from events where xid >= pg_snapshot_xmin(pg_current_snapshot()))`,
  )
}

/**
 * Resolves when what is open now in other databases of the cluster, where other tests run, has ended: what was committed
 * here meanwhile waits for that, however fast this server is.
 */
export async function strangersEnded(db: Kysely<Database>): Promise<void> {
  const strangers = sql`(
    select backend_xid::text::bigint as xid from pg_stat_activity where datname is distinct from current_database()
  ) strangers`
  const { rows } = await sql<{ newest: string | null }>`
    select max(xid)::text as newest from ${strangers}`.execute(db)
  const newest = rows[0]?.newest ?? null
  if (newest === null) return
  await untilTrue(db, sql`not exists (select from ${strangers} where xid <= ${newest}::bigint)`)
}

async function untilTrue(db: Kysely<Database>, condition: RawBuilder<unknown>): Promise<void> {
  for (let tries = 0; tries < 400; tries++, await sleep(25)) {
    const { rows } = await sql<{ is: boolean }>`select ${condition} as is`.execute(db)
    if (rows[0]?.is) return
  }
  throw new Error('somebody stays connected, or leaves a transaction open')
}
