import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../testing/test-db.ts'
import { startTestNats } from '../testing/test-nats.ts'
import { newestMigration } from '../../db/migrations/index.ts'
import type { CliIo } from './cli-io.ts'
import { skein } from './skein.ts'

let database: TestDatabase

beforeEach(async () => {
  database = await createTestDatabase()
  vi.stubEnv('DATABASE_URL', database.url)
  vi.stubEnv('PORT', '0')
  vi.stubEnv('OPS_PORT', '0')
})
afterEach(() => database.close())

async function run(...args: string[]): Promise<{ code: number; out: string[]; errors: string[] }> {
  const out: string[] = []
  const errors: string[] = []
  const io: CliIo = {
    out: (line) => void out.push(line),
    error: (line) => void errors.push(line),
    colour: false,
    interactive: false,
  }
  return { code: await skein(args, io), out, errors }
}

describe('asked for help', () => {
  test('it names every verb and ends with 0', async () => {
    const { code, out, errors } = await run('--help')
    expect([code, errors]).toEqual([0, []])
    for (const verb of ['serve', 'migrate', 'seed', 'user', 'token', 'tail', 'send', 'doctor'])
      expect(out.join('\n')).toMatch(new RegExp(`^  ${verb}\\b`, 'm'))
  })
  test('it says which version it is, and ends with 0', async () => {
    const { code, out } = await run('--version')
    expect([code, ...out]).toEqual([0, expect.stringMatching(/^\d+\.\d+\.\d+$/)])
  })
  test.each([
    ['serve'],
    ['migrate'],
    ['seed'],
    ['doctor'],
    ['tail'],
    ['send'],
    ['user', 'create'],
    ['token', 'create'],
  ])('so does skein %s %s', async (...verb) => {
    const { code, out } = await run(...verb.filter(Boolean), '--help')
    expect(code).toBe(0)
    expect(out.join('\n')).toContain(`Usage: skein ${verb.filter(Boolean).join(' ')}`)
  })
})

test.each([[['fly']], [['migrate', '--fast']], [['user']], [[]]])(
  'asked wrongly (%j) it says so and ends with 64',
  async (args) => {
    const { code, out, errors } = await run(...args)
    expect([code, out]).toEqual([64, []])
    expect(errors.length).toBeGreaterThan(0)
  },
)

test('a bad variable is one line and 78, whatever the verb', async () => {
  vi.stubEnv('PORT', 'abc')
  for (const verb of ['serve', 'migrate', 'seed']) {
    const { code, errors } = await run(verb)
    expect(code).toBe(78)
    expect(errors).toEqual([expect.stringMatching(/^skein: bad environment: PORT: /)])
  }
})

describe('migrate', () => {
  test('says what it did, then that there is nothing to do', async () => {
    expect((await run('migrate')).out).toEqual([`up to date at ${newestMigration}`])
    const { code, out } = await run('migrate', '--json')
    expect(code).toBe(0)
    expect(JSON.parse(out.join(''))).toEqual({ applied: [], at: newestMigration })
  })
  test('refuses a database of newer code', async () => {
    const untyped = database.db.withTables<{
      kysely_migration: { name: string; timestamp: string }
    }>()
    await untyped
      .insertInto('kysely_migration')
      .values({ name: '9999-later', timestamp: '' })
      .execute()
    const { code, errors } = await run('migrate')
    expect(code).toBe(1)
    expect(errors).toEqual([
      expect.stringMatching(/^skein: the database is at migration 9999-later/),
    ])
  })
})

describe('doctor', () => {
  const verdicts = (lines: string[]) =>
    new Map(
      (
        JSON.parse(lines.join('')) as {
          findings: { check: string; verdict: string; detail: string }[]
        }
      ).findings.map(({ check, verdict, detail }) => [check, `${verdict}: ${detail}`]),
    )

  test('finds nothing wrong where nothing is', async () => {
    const { code, out } = await run('doctor', '--json')
    const found = verdicts(out)
    expect(found.get('environment')).toMatch(/^ok/)
    expect(found.get('database')).toMatch(/^ok: Postgres 18/)
    expect(found.get('migrations')).toBe(`ok: ${newestMigration}`)
    expect(found.get('clock')).toMatch(/^ok: \d+ ms/)
    expect(code).toBe(0)
  })

  test('names a schema that is behind, and one that is ahead', async () => {
    const untyped = database.db.withTables<{
      kysely_migration: { name: string; timestamp: string }
    }>()
    await untyped
      .insertInto('kysely_migration')
      .values({ name: '9999-later', timestamp: '' })
      .execute()
    const ahead = await run('doctor', '--json')
    expect([ahead.code, verdicts(ahead.out).get('migrations')]).toEqual([
      1,
      expect.stringMatching(/^fail: at 9999-later/),
    ])
    await untyped.deleteFrom('kysely_migration').execute()
    const behind = await run('doctor', '--json')
    expect([behind.code, verdicts(behind.out).get('migrations')]).toEqual([
      0,
      expect.stringMatching(/^warn: .*skein migrate/),
    ])
  })

  test('tells a database and a NATS that are away from those that are there', async () => {
    const nats = await startTestNats()
    vi.stubEnv('NATS_URL', nats.url)
    expect(verdicts((await run('doctor', '--json')).out).get('nats')).toMatch(/nats-server 2\.\d+/)
    await nats.stop()
    vi.stubEnv('DATABASE_URL', 'postgres://skein:hunter2@127.0.0.1:1/skein')
    const { code, out } = await run('doctor', '--json')
    expect(code).toBe(1)
    expect(verdicts(out).get('nats')).toMatch(/^fail: no server answers .*ECONNREFUSED/)
    expect(verdicts(out).get('database')).toMatch(/^fail: .*ECONNREFUSED/)
    expect(out.join('')).not.toContain('hunter2')
  })

  test('writes a table for people, in colours only where they are wanted', async () => {
    const { out } = await run('doctor')
    expect(out.find((line) => line.includes('database'))).toMatch(/^ok {4}database +Postgres/)
    expect(out.join('')).not.toContain('\u001b')
  })
})
