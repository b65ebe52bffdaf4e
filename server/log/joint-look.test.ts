import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { sql, type RawBuilder } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { connect } from '../../db/client.ts'
import { late } from '../../db/prepared.ts'
import { createTestDatabase, type TestDatabase } from '../testing/test-db.ts'
import { createJointLook, type JointLook, type Question } from './joint-look.ts'
import { until } from '../testing/log-fixture.ts'

const every = 40

let database: TestDatabase
let statements: number
let db: ReturnType<typeof connect>['db']
let looks: JointLook
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())
beforeEach(() => {
  statements = 0
  db = connect({ url: database.url, maxConnections: 1, log: count }).db
  looks = createJointLook(db, every)
})
afterEach(async () => {
  await looks.close()
  await db.destroy()
})

function count(): void {
  statements++
}

interface Asked extends Question<unknown> {
  answers: unknown[]
  errors: unknown[]
}

function asking(text: () => RawBuilder<unknown> | null): Asked {
  const asked: Asked = {
    answers: [],
    errors: [],
    text,
    take: (answer) => asked.answers.push(answer),
    failed: (error) => asked.errors.push(error),
  }
  return asked
}

function asks(text: RawBuilder<unknown>): Asked {
  return asking(() => text)
}

test('all that is asked is one statement each time, and late values are those of the moment', async () => {
  let n = 0
  const counting = asks(sql`${late(() => ++n)}::int`)
  const words = asks(sql`(select json_agg(word) from unnest(${['a', 'b']}::text[]) word)`)
  looks.add(counting)
  looks.add(words)
  await until(() => words.answers.length >= 5, 2_000, 'five looks')
  await looks.close()
  expect(counting.answers).toEqual(Array.from({ length: n }, (_, i) => i + 1))
  expect(words.answers).toEqual(Array(n).fill(['a', 'b']))
  expect(statements).toBe(n)
})

test('a question that cannot be answered is told why, and keeps nobody from their answer', async () => {
  const bad = asks(sql`1 / ${late(() => 0)}::int`)
  const good = asks(sql`7`)
  looks.add(bad)
  looks.add(good)
  await until(() => good.answers.length >= 3, 2_000, 'three answers')
  await looks.close()
  expect(bad.answers).toEqual([])
  expect(bad.errors).toHaveLength(good.answers.length)
  expect(String(bad.errors[0])).toContain('division by zero')
  expect(good.errors).toEqual([])
})

test('a question that takes too long is given up, and keeps nobody from their answer', async () => {
  await sql`set statement_timeout = 100`.execute(db)
  const slow = asks(sql`(select pg_sleep(20)::text)`)
  const good = asks(sql`7`)
  looks.add(slow)
  looks.add(good)
  await until(() => good.answers.length >= 2, 5_000, 'two answers')
  await looks.close()
  expect(slow.answers).toEqual([])
  expect(String(slow.errors[0])).toContain('statement timeout')
  expect(good.errors).toEqual([])
})

test('a question may rest, change its text, be asked alone, and be taken back', async () => {
  let text: RawBuilder<unknown> | null = null
  const first = asking(() => text)
  const second = asks(sql`2`)
  const takeBack = looks.add(first)
  looks.add(second)
  await until(() => second.answers.length >= 2, 2_000, 'the other one')
  expect(first.answers).toEqual([])
  text = sql`'now'::text`
  await until(() => first.answers.includes('now'), 2_000, 'the first text')
  text = sql`'then'::text`
  await until(() => first.answers.includes('then'), 2_000, 'the second text')
  takeBack()
  const known = second.answers.length
  await until(() => second.answers.length >= known + 2, 2_000, 'two more without it')
  const heard = first.answers.length
  await looks.ask(first)
  expect(first.answers.slice(heard)).toEqual(['then'])
})

test('when the database is away, each is told so once a look, which tries once', async () => {
  let tries = 0
  const nobody = createServer((socket) => {
    tries++
    socket.destroy()
  })
  nobody.listen(0, '127.0.0.1')
  await once(nobody, 'listening')
  const { port } = nobody.address() as AddressInfo
  const away = connect({ url: `postgres://nobody@127.0.0.1:${port}/none` }).db
  const lost = createJointLook(away, every)
  const one = asks(sql`1`)
  const two = asks(sql`2`)
  lost.add(one)
  lost.add(two)
  await until(() => two.errors.length >= 3, 2_000, 'three failures')
  await lost.close()
  await away.destroy()
  nobody.close()
  expect(one.errors).toEqual(two.errors)
  expect(tries).toBe(two.errors.length)
})
