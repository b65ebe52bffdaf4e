import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { issueToken } from '../features/accounts/issue-token.ts'
import { anyHost, form, openHttp, type HttpFixture } from '../testing/http-fixture.ts'

let web: HttpFixture

beforeAll(async () => {
  web = await openHttp()
})
afterAll(() => web.close())

describe('what is personal is kept by nobody', () => {
  test.each(['/', '/resource', '/trpc/auth.me', '/nothing-here', '/broken'])(
    '%s',
    async (target) => {
      const answer = await web.get(target, [anyHost, web.cookieOf('ada')])
      expect(answer.headers['cache-control']).toBe('no-store')
    },
  )
})

describe('pages', () => {
  test('know who asks, by the cookie', async () => {
    expect((await web.get('/')).body).toContain('nobody')
    expect((await web.get('/', [anyHost, web.cookieOf('ben')])).body).toContain('<p>ben</p>')
  })
  test('do not take bearer tokens', async () => {
    const { secret } = await web.app.services.commit((trx) =>
      issueToken(trx, web.app.people.ben.user.id, { name: 'bot', days: 1 }),
    )
    expect((await web.get('/', [anyHost, `Authorization: Bearer ${secret}`])).body).toContain(
      'nobody',
    )
  })
  test('sign in: the session’s cookie comes with the answer', async () => {
    const answer = await web.post('/sign-in', [web.host, web.origin, form], 'email=ada@example.org')
    expect(answer.status).toBe(303)
    const cookie = answer.headers['set-cookie']?.split(';')[0]
    expect((await web.get('/', [anyHost, `Cookie: ${cookie}`])).body).toContain('<p>ada</p>')
  })
  test('are rendered with the nonce of their own policy, a new one each time', async () => {
    const nonces = new Set<string>()
    for (const target of ['/', '/', '/broken', '/nothing-here']) {
      const { headers, body } = await web.get(target)
      const [, nonce = ''] =
        /script-src 'nonce-([^']+)'/.exec(headers['content-security-policy'] ?? '') ?? []
      expect(body).toContain(`nonce="${nonce}"`)
      nonces.add(nonce)
    }
    expect(nonces.size).toBe(4)
  })
  test('see no header that a proxy might have forged', async () => {
    await web.get('/', [
      anyHost,
      'X-Forwarded-Host: evil.example',
      'X-Forwarded-For: 203.0.113.9',
      'Accept-Language: ja',
    ])
    expect(web.build.seen().get('accept-language')).toBe('ja')
    for (const name of ['x-forwarded-host', 'x-forwarded-for'])
      expect(web.build.seen().has(name)).toBe(false)
  })
  test('answer HEAD with headers alone', async () => {
    const answer = await web.get('/', [anyHost], 'HEAD')
    expect([answer.status, answer.body]).toEqual([200, ''])
  })
  test('that break half-way are cut off, not ended as if they were whole', async () => {
    const answer = await web.get('/cracked')
    expect(answer.status).toBe(200)
    expect(answer.body).not.toContain('a secret of the server')
    expect(answer.body.endsWith('0\r\n\r\n')).toBe(false)
  })
})

test('pages above one’s pace are refused as calls are, and are no failure of ours', async () => {
  const slow = await openHttp({ CALLS_PER_SECOND: '1' })
  const failures = vi.spyOn(slow.app.services.log, 'error')
  const answers = []
  for (let i = 0; i < 6; i++) answers.push(await slow.get('/', [anyHost, slow.cookieOf('ada')]))
  await slow.close()
  const refused = answers.find(({ status }) => status !== 200)
  expect(refused).toMatchObject({ status: 429, headers: { 'retry-after': '1' } })
  expect(refused?.body).toContain('go on more slowly')
  expect(failures).not.toHaveBeenCalled()
})
