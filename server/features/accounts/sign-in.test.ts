import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { cookieOf, testPassword } from '../../testing/factories.ts'
import { createTestApp, type TestApp } from '../../testing/test-app.ts'
import { createBrowser } from '../../testing/test-browser.ts'
import { startTestServer, type TestServer } from '../../testing/test-server.ts'

let app: TestApp
let servers: TestServer[]
beforeAll(async () => {
  app = await createTestApp({ instances: 2, env: { PORT: '0', OPS_PORT: '0' } })
  servers = await Promise.all(app.instances.map((services) => startTestServer(services)))
})
afterAll(async () => {
  for (const { http } of servers) await http.close()
  await app.close()
})
beforeEach(() => app.database.db.deleteFrom('rateLimits').execute())
afterEach(() => app.database.db.deleteFrom('rateLimits').execute())

async function post(
  email: string,
  password: string,
  headers: Record<string, string> = {},
  instance = 0,
): Promise<{ status: number; names: string[]; text: string; reason: string | undefined }> {
  const server = servers[instance]
  if (!server) throw new Error('no such instance')
  const response = await fetch(new URL('/trpc/auth.signIn', server.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ email, password }),
  })
  const text = await response.text()
  const body = JSON.parse(text) as { error?: { data: { reason: string } } }
  return {
    status: response.status,
    names: [...response.headers.keys()].sort(),
    text,
    reason: body.error?.data.reason,
  }
}

test('whoever has the password is signed in, by any instance, and out again', async () => {
  const browser = createBrowser(app.services)
  const { user } = await (
    await browser.open()
  ).auth.signIn({ email: '  BEN@Example.ORG ', password: testPassword })
  expect(user).toMatchObject({ handle: 'ben', email: 'ben@example.org' })
  const [, second] = app.instances
  expect((await (await browser.open(second)).auth.me()).user.id).toBe(user.id)
  await (await browser.open(second)).auth.signOut()
  expect(browser.cookieHeader).toBeNull()
  // The cookie, kept by somebody, is of no more use.
  const kept = createBrowser(app.services)
  await expect((await kept.open()).auth.me()).rejects.toMatchObject({
    cause: { reason: 'NOT_SIGNED_IN' },
  })
})

test('over HTTP the cookie comes with the answer, and every instance knows it', async () => {
  const [first, second] = servers
  if (!first || !second) throw new Error('there are two instances')
  const answer = await fetch(new URL('/trpc/auth.signIn', first.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'ben@example.org', password: testPassword }),
  })
  expect(answer.status).toBe(200)
  const [cookie, ...more] = answer.headers.getSetCookie()
  expect(more).toEqual([])
  expect(cookie).toMatch(/^skein_session=[\w-]+; HttpOnly; Max-Age=\d+; Path=\/; SameSite=Lax$/)
  const me = await fetch(new URL('/trpc/auth.me', second.url), {
    headers: { cookie: cookieOf(cookie ?? '') },
  })
  expect(await me.json()).toMatchObject({ result: { data: { user: { handle: 'ben' } } } })
})

test('known and unknown addresses get the same answer, byte for byte but for the id of the request', async () => {
  const known = await post('ben@example.org', 'not the password')
  const unknown = await post('bob@example.org', 'not the password')
  expect(known).toMatchObject({ status: 401, reason: 'SIGN_IN_REFUSED' })
  expect(unknown.status).toBe(known.status)
  expect(unknown.names).toEqual(known.names)
  expect(unknown.text.length).toBe(known.text.length)
  const withoutId = (text: string) => text.replace(/"requestId":"[^"]+"/, '')
  expect(withoutId(unknown.text)).toBe(withoutId(known.text))
})

test('known and unknown addresses get it after the same time', async () => {
  const times = { known: [] as number[], unknown: [] as number[] }
  const timed = async (email: string) => {
    const start = performance.now()
    await post(email, 'not the password')
    return performance.now() - start
  }
  await timed('ben@example.org')
  await timed('warm@example.org')
  // Alternating, and within the limit of one account and address.
  for (let i = 0; i < 9; i++) {
    times.known.push(await timed('ben@example.org'))
    times.unknown.push(await timed(`nobody${i}@example.org`))
  }
  // The quickest of each: what else the machine does does not fall on all of them.
  const [known, unknown] = [Math.min(...times.known), Math.min(...times.unknown)]
  // Without the work for unknown addresses, they are answered in a tenth of the time.
  expect(unknown).toBeGreaterThan(known / 2)
  expect(unknown).toBeLessThan(known * 2)
})

test('a deactivated person is refused as if unknown, with the right password, too', async () => {
  const { ada, dan } = app.people
  await ada.api.people.deactivate({ personId: dan.user.id })
  const answer = await post('dan@example.org', testPassword)
  const unknown = await post('bob@example.org', testPassword)
  expect(answer).toMatchObject({ status: 401, reason: 'SIGN_IN_REFUSED' })
  expect(answer.text.length).toBe(unknown.text.length)
  await ada.api.people.reactivate({ personId: dan.user.id })
  expect((await post('dan@example.org', testPassword)).status).toBe(200)
})

test.each(['cleo@example.org', 'nobody@example.org'])(
  'ten wrong passwords for %s, over two instances and many addresses, lock the account out; the right one waits, too',
  async (email) => {
    for (let i = 0; i < 10; i++) {
      const api = app.instances[i % 2]
      if (!api) throw new Error('there are two instances')
      const browser = createBrowser(api, `198.51.100.${i}`)
      await expect(
        (await browser.open()).auth.signIn({ email, password: 'a wrong one' }),
      ).rejects.toMatchObject({ cause: { reason: 'SIGN_IN_REFUSED' } })
    }
    for (const instance of [0, 1]) {
      const answer = await post(email, testPassword, {}, instance)
      expect(answer).toMatchObject({ status: 429, reason: 'RATE_LIMITED' })
      expect(answer.names).toContain('retry-after')
    }
    // Others sign in as ever.
    expect((await post('ben@example.org', testPassword)).status).toBe(200)
  },
)

test('who signed in before is not put out by a lock-out', async () => {
  const browser = createBrowser(app.services)
  await (await browser.open()).auth.signIn({ email: 'cleo@example.org', password: testPassword })
  for (let i = 0; i < 11; i++) await post('cleo@example.org', 'a wrong one')
  expect(await post('cleo@example.org', testPassword)).toMatchObject({ status: 429 })
  expect((await (await browser.open()).auth.me()).user.handle).toBe('cleo')
})

test('an invented X-Forwarded-For is not a new address', async () => {
  const forged = (i: number) => ({
    'x-forwarded-for': `203.0.113.${i}`,
    forwarded: `for=203.0.113.${i}`,
    'x-real-ip': `203.0.113.${i}`,
    'fly-client-ip': `203.0.113.${i}`,
  })
  for (let i = 0; i < 50; i++)
    expect(await post(`nobody${i}@example.org`, 'a guess', forged(i))).toMatchObject({
      reason: 'SIGN_IN_REFUSED',
    })
  const answer = await post('nobody50@example.org', 'a guess', forged(50))
  expect(answer).toMatchObject({ status: 429, reason: 'RATE_LIMITED' })
})

test('over a socket there is no cookie to give, and that is said', async () => {
  const socket = app.visitor({ setCookie: null })
  const refused = { code: 'BAD_REQUEST', cause: { reason: 'HTTP_NEEDED' } }
  const email = 'ben@example.org'
  await expect(socket.auth.signIn({ email, password: testPassword })).rejects.toMatchObject(refused)
  await expect(
    socket.auth.signUp({ email, password: testPassword, name: 'Eve', handle: 'eve' }),
  ).rejects.toMatchObject(refused)
  await expect(socket.auth.signOut()).rejects.toMatchObject(refused)
})
