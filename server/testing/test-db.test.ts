import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { createTestDatabase } from './test-db.ts'

it('gives each test a migrated database that no other test writes into', async () => {
  const one = await createTestDatabase()
  const other = await createTestDatabase()
  try {
    await sql`CREATE TABLE only_here ()`.execute(one.db)
    const { rows } =
      await sql`SELECT to_regclass('only_here') AS found, to_regclass('events') AS events`.execute(
        other.db,
      )
    expect(rows).toEqual([{ found: null, events: 'events' }])
  } finally {
    await one.close()
    await other.close()
  }
})
