import { CamelCasePlugin, Kysely, PostgresDialect, type LogConfig } from 'kysely'
import pg from 'pg'
import { guardAgainstHangs, type HangGuard } from './hang-guard.ts'
import { impatientPool } from './impatient-pool.ts'
import { openPool } from './open-pool.ts'
import type { Database } from './schema.ts'

export interface ConnectOptions {
  /** postgres:// URL of the primary: cursors are only right there. */
  url: string
  /** Most connections this process opens. */
  maxConnections?: number
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

/** A pool of connections and Kysely on top of it. Give it back with `db.destroy()`. */
export function connect(options: ConnectOptions): {
  db: Kysely<Database>
  pool: pg.Pool
  guard: HangGuard
} {
  const address: pg.ClientConfig = {
    connectionString: options.url,
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
    // No statement may hold a stream's lock for ever.
    statement_timeout: 15_000,
    // Nor does anyone wait for one longer than a call may take, or an instance that was frozen hold one for long.
    lock_timeout: 1_500,
    idle_in_transaction_session_timeout: 5_000,
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
  const db = new Kysely<Database>({
    dialect: new PostgresDialect({ pool: impatientPool(pool, guard, patienceMs) }),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
    ...(options.log ? { log: options.log } : {}),
  })
  return { db, pool, guard }
}
