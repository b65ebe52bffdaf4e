import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../server/testing/test-db.ts'
import { late, Prepared } from './prepared.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())

interface Values {
  low: number
  words: string[]
}

const statement = new Prepared<{ bigOnes: number[]; asWell: string }, Values>(sql`
  select array(select n from generate_series(1, ${5}) n where n > ${late<Values>(({ low }) => low)}::int) as "bigOnes",
    array_to_string(${late<Values>(({ words }) => words)}::text[], ',') as "asWell"`)

test('late values are those of each run, the others stay; columns are called as it says', async () => {
  const first = statement.execute(database.db, { low: 3, words: ['a', 'b'] })
  const second = statement.execute(database.db, { low: 1, words: [] })
  expect(await first).toEqual([{ bigOnes: [4, 5], asWell: 'a,b' }])
  expect(await second).toEqual([{ bigOnes: [2, 3, 4, 5], asWell: '' }])
})

test('in a transaction it is part of it', async () => {
  const left = database.db.transaction().execute(async (trx) => {
    await sql`set local lock_timeout = 77`.execute(trx)
    const [row] = await new Prepared<{ is: string }>(
      sql`select current_setting('lock_timeout') as is`,
    ).execute(trx)
    expect(row).toEqual({ is: '77ms' })
    throw new Error('undone')
  })
  await expect(left).rejects.toThrow('undone')
})
