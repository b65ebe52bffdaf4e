import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { connect } from '../../../db/client.ts'
import { appliedMigration } from '../../../db/migrate.ts'
import { newestMigration } from '../../../db/migrations/index.ts'
import type { Env } from '../../env.ts'
import { explainFailure } from '../exit-code.ts'
import { openDatabase } from '../open-database.ts'
import type { Finding } from './finding.ts'

const worstSkewMs = 2_000

/** Reach, version, schema and clock. An embedded database that was never made is not made here either. */
export async function checkDatabase(env: Env): Promise<Finding[]> {
  if (env.DATABASE_URL === '' && !(await exists(join(env.DATA_DIR, 'postgres'))))
    return [
      { check: 'database', verdict: 'ok', detail: 'embedded: will be made at the first start' },
    ]
  try {
    const database = await openDatabase(env, { join: true, log: () => undefined })
    try {
      return await look(database.url, database.embedded)
    } finally {
      await database.close()
    }
  } catch (error) {
    const line = explainFailure(error).line ?? String(error)
    return [{ check: 'database', verdict: 'fail', detail: line.replace(/^skein: /, '') }]
  }
}

async function look(url: string, embedded: boolean): Promise<Finding[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const asked = Date.now()
  const { rows } = await client.query<{ version: string; now: Date; kept: string }>(
    `select current_setting('server_version') as version, clock_timestamp() as now,
            current_setting('synchronous_commit') as kept`,
  )
  const answered = Date.now()
  await client.end()
  const [row] = rows
  if (!row) return [{ check: 'database', verdict: 'fail', detail: 'it gave no answer' }]
  // The middle of the question is the best guess at when the other clock was read.
  const skew = Math.round(Math.abs(row.now.getTime() - (asked + answered) / 2))
  return [
    {
      check: 'database',
      verdict: row.kept === 'on' ? 'ok' : 'warn',
      detail:
        row.kept === 'on'
          ? `Postgres ${row.version}${embedded ? ', embedded' : ''}`
          : `Postgres ${row.version} with synchronous_commit=${row.kept}: what was acknowledged can be lost`,
    },
    await checkSchema(url),
    {
      check: 'clock',
      verdict: skew > worstSkewMs ? 'warn' : 'ok',
      detail: `${skew} ms from the database's${skew > worstSkewMs ? ': set this machine’s clock' : ''}`,
    },
  ]
}

async function checkSchema(url: string): Promise<Finding> {
  const check = 'migrations'
  const { db } = connect({ url, maxConnections: 1 })
  try {
    const found = await appliedMigration(db)
    if (found === newestMigration) return { check, verdict: 'ok', detail: found }
    return found !== null && found > newestMigration
      ? {
          check,
          verdict: 'fail',
          detail: `at ${found}, newer than this version: start the newer one`,
        }
      : {
          check,
          verdict: 'warn',
          detail: `at ${found ?? 'none'}, not ${newestMigration}: run skein migrate`,
        }
  } finally {
    await db.destroy()
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
