import { randomBytes } from 'node:crypto'
import type { Kysely } from 'kysely'
import pg from 'pg'
import { inject } from 'vitest'
import { connect } from '../../db/client.ts'
import type { Database } from '../../db/schema.ts'

export interface TestDatabase {
  url: string
  db: Kysely<Database>
  close: () => Promise<void>
}

/** A migrated, empty database for one test file or one test; dropped at `close()`, whoever is still connected. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`
  await run(`CREATE DATABASE ${name} TEMPLATE ${inject('templateDatabase')}`)
  const url = new URL(inject('postgresUrl'))
  url.pathname = name
  const { db } = connect({ url: url.href, applicationName: name, maxConnections: 10 })
  const close = async () => {
    await db.destroy()
    await run(`DROP DATABASE ${name} WITH (FORCE)`)
  }
  return { url: url.href, db, close }
}

async function run(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: inject('postgresUrl') })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
