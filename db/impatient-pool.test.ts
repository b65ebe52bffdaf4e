import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../server/testing/test-db.ts'
import { connect } from './client.ts'
import { PoolExhaustedError } from './pool-failure.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())

test('who gets no connection is told so in time, and does not take one later', async () => {
  const { db, pool } = connect({ url: database.url, maxConnections: 1 })
  try {
    const long = sql`select pg_sleep(2.5)`.execute(db)
    const started = performance.now()
    let ran = false
    const late = db.connection().execute(async () => {
      ran = true
    })
    await expect(late).rejects.toBeInstanceOf(PoolExhaustedError)
    expect(performance.now() - started).toBeLessThan(2_400)
    await long
    await sql`select 1`.execute(db)
    expect({ ran, waiting: pool.waitingCount, idle: pool.idleCount }).toEqual({
      ran: false,
      waiting: 0,
      idle: 1,
    })
  } finally {
    await db.destroy()
  }
})

test('a lock that somebody holds is waited for no longer than a call may take', async () => {
  const { db } = connect({ url: database.url, maxConnections: 2 })
  try {
    await db.transaction().execute(async (holder) => {
      await sql`lock table streams in access exclusive mode`.execute(holder)
      const started = performance.now()
      await expect(db.selectFrom('streams').select('id').execute()).rejects.toMatchObject({
        code: '55P03',
      })
      expect(performance.now() - started).toBeLessThan(2_400)
    })
  } finally {
    await db.destroy()
  }
})
