import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { startEmbeddedPostgres } from '../../db/embedded.ts'
import { databaseFailure } from '../database-failure.ts'
import type { Env } from '../env.ts'
import { withoutPasswords } from '../observe/describe-failure.ts'
import { CliError, exitCodes } from './exit-code.ts'

export interface OpenDatabase {
  /** For everything; through the primary. */
  url: string
  /** For migrations, which hold a session lock. */
  directUrl: string
  embedded: boolean
  close(): Promise<void>
}

interface OpenOptions {
  /** Gets what is going on, line by line. */
  log: (line: string) => void
  /** Gets what an operator should know of the embedded Postgres: where its data went, what was cleaned up. */
  notice?: (line: string) => void
  /** Gets why we wait, each time a try has failed. Without it a database that is away is an error. */
  onWaiting?: (why: string) => void
  signal?: AbortSignal
  /** Share the embedded Postgres of a Skein that is running. */
  join?: boolean
  /** The embedded Postgres ended by itself. */
  onExit?: () => void
}

const oldestVersion = 150_000
const pauseMs = 1_000

/** The database of DATABASE_URL, or the embedded one, started; reached, and of a version that we know. */
export async function openDatabase(env: Env, options: OpenOptions): Promise<OpenDatabase> {
  if (env.DATABASE_URL === '') {
    const { log, notice, join, onExit } = options
    const { url, close } = await startEmbeddedPostgres({
      dataDir: env.DATA_DIR,
      log,
      ...(notice ? { notice } : {}),
      ...(join ? { join } : {}),
      ...(onExit ? { onExit } : {}),
    })
    return { url, directUrl: url, embedded: true, close }
  }
  const url = env.DATABASE_URL
  const directUrl = env.DIRECT_DATABASE_URL === '' ? url : env.DIRECT_DATABASE_URL
  await reach(url, options)
  return { url, directUrl, embedded: false, close: () => Promise.resolve() }
}

async function reach(url: string, { onWaiting, signal }: OpenOptions): Promise<void> {
  for (;;) {
    signal?.throwIfAborted()
    try {
      return await probe(url)
    } catch (error) {
      // A wrong password or name does not mend itself; a server that is away comes back.
      if (error instanceof CliError || !databaseFailure(error)) throw explain(error)
      if (!onWaiting) throw explain(error)
      onWaiting(reasonOf(error))
      await sleep(pauseMs, undefined, signal ? { signal } : {})
    }
  }
}

async function probe(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  // A connection that breaks while we hold it is reported by the query, too.
  client.on('error', () => undefined)
  try {
    await client.connect()
    const { rows } = await client.query<{ number: string; name: string }>(
      `select current_setting('server_version_num') as number, current_setting('server_version') as name`,
    )
    const [row] = rows
    if (Number(row?.number) < oldestVersion)
      throw new CliError(
        `the database is Postgres ${row?.name ?? 'unknown'}: Skein needs 15 or newer`,
        exitCodes.config,
      )
  } finally {
    await client.end()
  }
}

function explain(error: unknown): CliError {
  if (error instanceof CliError) return error
  return new CliError(`the database of DATABASE_URL cannot be used: ${reasonOf(error)}`)
}

function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0])
  return error instanceof Error ? withoutPasswords(error.message) : 'not reached'
}
