import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '../server/testing/log-fixture.ts'
import { createTestDatabase, type TestDatabase } from '../server/testing/test-db.ts'
import { openPool } from './open-pool.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())

test('a connection that is cut while it is held, or idle, fails its next query and nothing else', async () => {
  const idle: Error[] = []
  const pool = openPool({ connectionString: database.url, max: 2 }, (error) => idle.push(error))
  const uncaught: unknown[] = []
  const onUncaught = (error: unknown) => uncaught.push(error)
  process.on('uncaughtException', onUncaught)
  try {
    const held = await pool.connect()
    const resting = await pool.connect()
    resting.release()
    const cut = new Promise<void>((resolve) => held.on('end', () => resolve()))
    await pool.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    )
    await cut
    await expect(held.query('select 1')).rejects.toThrow()
    held.release(true)
    expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }])

    const { rows } = await pool.query<{ pid: number }>('select pg_backend_pid() as pid')
    await database.db
      .selectNoFrom((eb) => eb.fn('pg_terminate_backend', [eb.val(rows[0]?.pid)]).as('done'))
      .execute()
    await until(() => idle.length > 0, 5_000, 'the error of the idle one')
    expect(idle).toHaveLength(1)
    expect(uncaught).toEqual([])
  } finally {
    process.off('uncaughtException', onUncaught)
    await pool.end()
  }
})
