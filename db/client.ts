import { CamelCasePlugin, Kysely, PostgresDialect, type LogConfig } from 'kysely'
import pg from 'pg'
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
  log?: LogConfig
}

const int8 = 20

/** A pool of connections and Kysely on top of it. Give it back with `db.destroy()`. */
export function connect(options: ConnectOptions): { db: Kysely<Database>; pool: pg.Pool } {
  const config: pg.PoolConfig = {
    connectionString: options.url,
    max: options.maxConnections ?? 20,
    application_name: options.applicationName ?? 'skein',
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    // Managed Postgres cuts connections that live long; a pool that renews them never notices.
    maxLifetimeSeconds: 600,
    // No statement may hold a stream's lock for ever.
    statement_timeout: 15_000,
    idle_in_transaction_session_timeout: 15_000,
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
  const db = new Kysely<Database>({
    dialect: new PostgresDialect({ pool }),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
    ...(options.log ? { log: options.log } : {}),
  })
  return { db, pool }
}
