import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testPassword } from '../testing/factories.ts'
import { createEmptyTestApp, type EmptyTestApp } from '../testing/test-app.ts'
import { authenticate } from '../features/accounts/authenticate.ts'

let app: EmptyTestApp
beforeAll(async () => {
  app = await createEmptyTestApp()
})
afterAll(() => app.close())

const main = fileURLToPath(new URL('../main.ts', import.meta.url))

/** The program itself, beside a Skein that runs on the same database. */
async function skein(
  args: string[],
  stdin = '',
): Promise<{ code: number; out: string; error: string }> {
  const child = spawn(process.execPath, [main, ...args], {
    env: { PATH: '/usr/bin:/bin', DATABASE_URL: app.database.url, NODE_ENV: 'test' },
  })
  child.stdin.end(stdin)
  const [out, error, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[number]>,
  ])
  return { code, out, error }
}

const ada = ['--email', 'Ada@Example.org', '--name', 'Ada Lovelace', '--handle', 'ada']

test('an operator adds the first person, who owns the server and signs in with what was piped in', async () => {
  const made = await skein(
    ['user', 'create', ...ada, '--password-stdin', '--json'],
    `${testPassword}\n`,
  )
  expect(made).toMatchObject({ code: 0, error: '' })
  expect(JSON.parse(made.out)).toMatchObject({ user: { handle: 'ada', role: 'owner' } })
  const signIn = app.visitor().auth.signIn({ email: 'ada@example.org', password: testPassword })
  await expect(signIn).resolves.toMatchObject({ user: { handle: 'ada' } })
})

test('a bot gets a token that speaks for it, alone on stdout', async () => {
  const bot = await skein(['user', 'create', '--bot', '--name', 'Weather', '--handle', 'weather'])
  expect(bot).toMatchObject({ code: 0, out: '@weather (Weather) is here as a bot\n' })
  const made = await skein(['token', 'create', '--handle', 'Weather', '--name', 'station'])
  expect(made.code).toBe(0)
  expect(made.out).toMatch(/^skein_[\w-]{43}\n$/)
  const actor = await authenticate(app.services.accounts, {
    authorization: `Bearer ${made.out.trim()}`,
  })
  expect(actor).toMatchObject({ kind: 'bot', role: 'member' })
  const { user } = await app.visitor({ actor }).auth.me()
  expect(user).toMatchObject({ handle: 'weather', email: null })
})

test.each([
  [['--password', 'a secret here'], '', 64, 'use --password-stdin'],
  [[], '', 64, '--password-stdin is needed: there is no terminal to ask at'],
  [['--password', '-'], 'password123', 1, 'lists of common passwords'],
  [['--password-stdin'], 'short', 64, '--password: at least 10 characters'],
  [['--password-stdin'], testPassword, 1, 'This handle is taken'],
])('user create %j says in one line what is wrong', async (options, stdin, code, said) => {
  const answer = await skein(['user', 'create', ...ada, ...options], stdin)
  expect(answer).toMatchObject({ code, out: '' })
  expect(answer.error).toContain(said)
  expect(answer.error.trim().split('\n')).toHaveLength(1)
})

test('a token is for somebody who is here, and for a number of days', async () => {
  const nobody = await skein(['token', 'create', '--handle', 'nobody', '--name', 'x'])
  expect(nobody).toMatchObject({ code: 1, out: '' })
  expect(nobody.error).toContain('nobody with the handle nobody')
  const never = await skein(['token', 'create', '--handle', 'ada', '--name', 'x', '--days', 'many'])
  expect(never).toMatchObject({ code: 64, out: '' })
  expect(never.error).toContain('--days')
  const made = await skein([
    'token',
    'create',
    '--handle',
    'ada',
    '--name',
    'x',
    '--days',
    '2',
    '--json',
  ])
  const { token, secret } = JSON.parse(made.out) as {
    token: { expiresAt: string }
    secret: string
  }
  expect(secret).toMatch(/^skein_/)
  expect((Date.parse(token.expiresAt) - Date.now()) / 86_400_000).toBeCloseTo(2, 1)
})
