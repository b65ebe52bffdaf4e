import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { sql } from 'kysely'
import { createTestDatabase, type TestDatabase } from '../../testing/test-db.ts'
import { createRateLimit, limits, networkOf, type Attempt } from './rate-limit.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())
beforeEach(() => database.db.deleteFrom('rateLimits').execute())

const ada: Attempt = { limit: 'signInPerAccount', of: 'ada@example.org' }
const { times, seconds } = limits.signInPerAccount
const limited = { reason: 'RATE_LIMITED', kind: 'TOO_MANY_REQUESTS' }
const wrong = () => Promise.resolve(false)
const right = () => Promise.resolve(true)

async function passTime(by: number): Promise<void> {
  await sql`update rate_limits set window_started_at = window_started_at - make_interval(secs => ${by})`.execute(
    database.db,
  )
}

test('after too many failures the answer is to wait, for as long as the window still lasts', async () => {
  const limit = createRateLimit(database.db)
  for (let i = 0; i < times; i++) expect(await limit.countFailures([ada], wrong)).toBe(false)
  await passTime(60)
  let asked = false
  const refused = limit.countFailures([ada], () => {
    asked = true
    return Promise.resolve(true)
  })
  await expect(refused).rejects.toMatchObject({ ...limited, retryAfter: seconds - 60 })
  expect(asked).toBe(false)
  // Trying on does not make it longer.
  await expect(limit.take(ada)).rejects.toMatchObject({ retryAfter: seconds - 60 })
  await passTime(seconds - 60)
  expect(await limit.countFailures([ada], right)).toBe(true)
})

test('two instances count together', async () => {
  const instances = [createRateLimit(database.db), createRateLimit(database.db)] as const
  for (let i = 0; i < times; i++) await instances[i % 2 === 0 ? 0 : 1].countFailures([ada], wrong)
  for (const limit of instances)
    await expect(limit.countFailures([ada], right)).rejects.toMatchObject(limited)
})

test('of a hundred guesses at once, as many are looked at as the limit allows', async () => {
  const limit = createRateLimit(database.db)
  let looked = 0
  const guesses = Array.from({ length: 100 }, () =>
    limit.countFailures([ada], () => {
      looked++
      return Promise.resolve(false)
    }),
  )
  const answers = await Promise.allSettled(guesses)
  expect(looked).toBe(times)
  expect(answers.filter(({ status }) => status === 'rejected')).toHaveLength(100 - times)
})

test('what succeeds, or fails for another reason, does not count', async () => {
  const limit = createRateLimit(database.db)
  for (let i = 0; i < times + 5; i++) {
    await limit.countFailures([ada], right)
    const busy = limit.countFailures([ada], () => Promise.reject(new Error('busy')))
    await expect(busy).rejects.toThrow('busy')
  }
  const row = await database.db.selectFrom('rateLimits').select('count').executeTakeFirstOrThrow()
  expect(row.count).toBe(0)
})

test('an address that is locked out does not use up the tries of an account', async () => {
  const limit = createRateLimit(database.db)
  const address: Attempt = { limit: 'signInPerAddress', of: '198.51.100.7' }
  for (let i = 0; i < limits.signInPerAddress.times; i++) await limit.take(address)
  for (let i = 0; i < times; i++)
    await expect(limit.countFailures([address, ada], wrong)).rejects.toMatchObject(limited)
  expect(await limit.countFailures([ada], right)).toBe(true)
})

test('the table is no list of addresses, and old rows leave it', async () => {
  await createRateLimit(database.db).take(ada)
  const { rows } = await sql<{
    all: string
  }>`select string_agg(r::text, ' ') as all from rate_limits r`.execute(database.db)
  expect(rows[0]?.all).toContain('signInPerAccount')
  expect(rows[0]?.all).not.toContain('ada')

  await passTime(3_601)
  await createRateLimit(database.db).take({ ...ada, of: 'ben@example.org' })
  const { count } = await database.db
    .selectFrom('rateLimits')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  expect(count).toBe(1)
})

test.each([
  ['203.0.113.9', '203.0.113.9'],
  ['::ffff:203.0.113.9', '203.0.113.9'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0db8:0001:0002::1', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['unknown', 'unknown'],
])('%s counts as %s', (address, network) => {
  expect(networkOf(address)).toBe(network)
})
