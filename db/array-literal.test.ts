import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../server/testing/test-db.ts'
import { arrayLiteral } from './array-literal.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())

test.each([
  { of: 'none', texts: [] },
  {
    of: 'what an array is written with',
    texts: ['{', '}', ',', '"', '\\', '\\"', '{"a","b"}', '\\n'],
  },
  { of: 'what looks like something else', texts: ['', ' ', 'NULL', 'null', ' a ', '1'] },
  { of: 'lines, and other scripts', texts: ['one\ntwo\r\n\tthree', 'Grüße 你好 🧵', "it's"] },
  { of: 'one that has to be escaped among others', texts: ['a', '"', 'b'] },
])('Postgres reads what was written: $of', async ({ texts }) => {
  const { rows } = await sql<{ texts: string[] }>`
    select ${arrayLiteral(texts)}::text[] as texts`.execute(database.db)
  expect(rows).toEqual([{ texts }])
})
