import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createCommit } from '../server/log/commit.ts'
import { createTestDatabase, type TestDatabase } from '../server/testing/test-db.ts'
import { connect } from './client.ts'
import { StatementNames } from './statement-names.ts'

let database: TestDatabase
let instance: ReturnType<typeof connect>
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())
beforeEach(async () => {
  await sql`drop table if exists notes`.execute(database.db)
  await sql`create table notes (id int primary key, text text not null)`.execute(database.db)
  await sql`insert into notes values (1, 'one'), (2, 'two')`.execute(database.db)
  instance = connect({ url: database.url, maxConnections: 1 })
  return () => instance.db.destroy()
})

const find = (id: number) =>
  sql<{ id: number; text: string }>`select * from notes where id = ${id}`.execute(instance.db)

async function heat(): Promise<void> {
  for (let turn = 0; turn < 12; turn++) expect((await find(1)).rows[0]?.text).toBe('one')
}

async function preparedStatements(): Promise<{ name: string; statement: string }[]> {
  const { rows } = await sql<{ name: string; statement: string }>`
    select name, statement from pg_prepared_statements`.execute(instance.db)
  return rows
}

describe('a statement that comes again and again', () => {
  test('is planned once per connection, and one that comes seldom leaves nothing behind', async () => {
    await find(2)
    expect(await preparedStatements()).toEqual([])
    await heat()
    const prepared = await preparedStatements()
    expect(prepared).toHaveLength(1)
    expect(prepared[0]?.statement).toContain('select * from notes')
    expect((await find(2)).rows).toEqual([{ id: 2, text: 'two' }])
  })

  test('goes on over a connection that was cut', async () => {
    await heat()
    await sql`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name = 'skein'`.execute(database.db)
    while (instance.pool.totalCount > 0) await new Promise((resolve) => setTimeout(resolve, 5))
    await heat()
    expect(await preparedStatements()).toHaveLength(1)
  })

  test('goes on when a migration changes what it gives', async () => {
    await heat()
    await sql`alter table notes add column more int not null default 7`.execute(database.db)
    expect((await find(1)).rows).toEqual([{ id: 1, text: 'one', more: 7 }])
    await heat()
    expect((await find(2)).rows).toEqual([{ id: 2, text: 'two', more: 7 }])
  })

  test('goes on so within a commit, too: all of it is done again', async () => {
    await heat()
    await sql`alter table notes add column more int not null default 7`.execute(database.db)
    const commit = createCommit(instance.db, () => undefined)
    let attempts = 0
    const rows = await commit(async (trx) => {
      attempts++
      await sql`insert into notes values (3, 'three')`.execute(trx)
      return (await sql`select * from notes where id = ${3}`.execute(trx)).rows
    })
    expect(rows).toEqual([{ id: 3, text: 'three', more: 7 }])
    expect(attempts).toBe(2)
  })

  test('goes on without a name where names do not last, as behind a pooler', async () => {
    await heat()
    await sql`deallocate all`.execute(instance.db)
    await heat()
    expect(await preparedStatements()).toEqual([])
  })

  test('that fails says why, with its name as without', async () => {
    const put = (id: number) =>
      sql`insert into notes values (${id}, 'again') on conflict (id) do update set text = 1 / (excluded.id - 1)`.execute(
        instance.db,
      )
    for (let turn = 0; turn < 20; turn++) await expect(put(1)).rejects.toThrow('division by zero')
  })
})

test('where a pooler is between, nothing is left on a connection', async () => {
  await instance.db.destroy()
  instance = connect({ url: database.url, maxConnections: 1, pooler: true })
  await heat()
  expect(await preparedStatements()).toEqual([])
  const { rows } = await sql`show statement_timeout`.execute(instance.db)
  expect(rows).toEqual([{ statementTimeout: '0' }])
})

test('a commit is on disk before it is answered, whatever the database does by default', async () => {
  const name = new URL(database.url).pathname.slice(1)
  await sql`alter database ${sql.id(name)} set synchronous_commit = off`.execute(database.db)
  const show = async ({ db }: ReturnType<typeof connect>) =>
    (await sql`show synchronous_commit`.execute(db)).rows
  expect(await show(instance)).toEqual([{ synchronousCommit: 'on' }])
  // Options of the address stay.
  const url = new URL(database.url)
  url.searchParams.set('options', '-c work_mem=1234kB')
  const other = connect({ url: url.href })
  expect(await show(other)).toEqual([{ synchronousCommit: 'on' }])
  expect((await sql`show work_mem`.execute(other.db)).rows).toEqual([{ workMem: '1234kB' }])
  await other.db.destroy()
  await sql`alter database ${sql.id(name)} reset synchronous_commit`.execute(database.db)
})

test('however many texts come, few are named and few are remembered', () => {
  const names = new StatementNames()
  const given = new Set<string>()
  for (let turn = 0; turn < 20; turn++)
    for (let length = 0; length < 150; length++) {
      const name = names.nameOf(`select ${'$'.repeat(length)}`)
      if (name !== undefined) given.add(name)
    }
  expect(given.size).toBe(100)
  for (let text = 0; text < 100_000; text++)
    expect(names.nameOf(`select ${String(text)}`)).toBeUndefined()
})
