import { CamelCasePlugin, Kysely, PostgresDialect, type LogConfig } from 'kysely'
import pg from 'pg'
import { guardAgainstHangs, type HangGuard } from './hang-guard.ts'
import { impatientPool } from './impatient-pool.ts'
import { namingPool } from './naming-pool.ts'
import { openPool } from './open-pool.ts'
import type { Database } from './schema.ts'
import { StatementNames } from './statement-names.ts'

export interface ConnectOptions {
  /** postgres:// URL of the primary: cursors are only right there. */
  url: string
  /** Most connections this process opens. */
  maxConnections?: number
  /**
   * `url` leads to a pooler in transaction mode (PgBouncer): each transaction may have another connection, so nothing
   * is left on one: no prepared statements and no settings. The limits and synchronous_commit are then the role's.
   */
  pooler?: boolean
  /** Shown in pg_stat_activity. */
  applicationName?: string
  /** An idle connection failed (the server went away): to be logged, the pool replaces it. */
  onIdleError?: (error: Error) => void
  /** The database says nothing at all: to be logged, all connections were given up. */
  onHang?: (error: Error) => void
  log?: LogConfig
}

const int8 = 20
/** Milliseconds to wait for a connection; the caller must have an answer within two seconds. */
const patienceMs = 1_500

const limits = {
  // No statement may hold a stream's lock for ever.
  statement_timeout: 15_000,
  // Nor does anyone wait for one longer than a call may take, or an instance that was frozen hold one for long.
  lock_timeout: 1_500,
  idle_in_transaction_session_timeout: 5_000,
}

/** A pool of connections and Kysely on top of it. Give it back with `db.destroy()`. */
export function connect(options: ConnectOptions): {
  db: Kysely<Database>
  pool: pg.Pool
  guard: HangGuard
} {
  const { pooler = false } = options
  const address: pg.ClientConfig = {
    connectionString: pooler ? options.url : keepingCommits(options.url),
    application_name: options.applicationName ?? 'skein',
  }
  const config: pg.PoolConfig = {
    ...address,
    max: options.maxConnections ?? 20,
    connectionTimeoutMillis: 5_000,
    // What sits between us and the server may forget a quiet connection without a word.
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    idleTimeoutMillis: 30_000,
    // Managed Postgres cuts connections that live long; a pool that renews them never notices.
    maxLifetimeSeconds: 600,
    ...(pooler ? {} : limits),
    types: {
      getTypeParser: ((oid: number, format?: 'text' | 'binary'): unknown =>
        oid === int8
          ? Number
          : pg.types.getTypeParser(
              oid,
              format === 'binary' ? 'binary' : 'text',
            )) as typeof pg.types.getTypeParser,
    },
  }
  const pool = openPool(config, options.onIdleError)
  const guard = guardAgainstHangs(pool, address, options.onHang)
  const patient = impatientPool(pool, guard, patienceMs)
  const db = new Kysely<Database>({
    dialect: new PostgresDialect({
      pool: pooler ? patient : namingPool(patient, new StatementNames()),
    }),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
    ...(options.log ? { log: options.log } : {}),
  })
  return { db, pool, guard }
}

/**
 * The same database with synchronous_commit=on, whatever it does by default: with `off` Postgres answers a COMMIT
 * before it is on disk, and a message that was acknowledged could be lost. Asked for as the connection begins, so that
 * there is no moment without it.
 */
function keepingCommits(url: string): string {
  const kept = new URL(url)
  const given = kept.searchParams.get('options')
  kept.searchParams.set(
    'options',
    `${given ?? ''} -c synchronous_commit=on -c random_page_cost=1.1 -c enable_seqscan=off`.trim(),
  )
  return kept.href
}
