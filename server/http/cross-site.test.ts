import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { issueToken } from '../features/accounts/issue-token.ts'
import { anyHost, form, openHttp, type HttpFixture } from '../testing/http-fixture.ts'

const partner = 'https://partner.example.com'

let web: HttpFixture

beforeAll(async () => {
  web = await openHttp({ ALLOWED_ORIGINS: partner })
})
afterAll(() => web.close())

describe('requests that another site makes a browser send', () => {
  const evil = 'Origin: https://evil.example'

  test.each([
    ['a page', '/form'],
    ['a resource route', '/resource'],
    ['single fetch', '/form.data'],
    ['the old way to data', '/form?_data=form'],
  ])('do not run an action through %s, whatever is forged', async (_, target) => {
    const before = web.build.actions.length
    const signedIn = [web.host, form, web.cookieOf('ada')]
    for (const lines of [
      [evil],
      [evil, 'X-Forwarded-Host: evil.example'],
      [evil, 'Forwarded: host=evil.example', 'X-Forwarded-Proto: https'],
      ['Origin: null'],
      ['Origin: :::'],
      ['Sec-Fetch-Site: cross-site'],
      [`Origin: ${partner}`],
    ]) {
      const answer = await web.post(target, [...signedIn, ...lines], 'a=b')
      expect(answer.status).toBe(403)
      expect(answer.headers['content-type']).toContain('text/html')
    }
    expect(web.build.actions.length).toBe(before)
  })

  test('while our own page runs it', async () => {
    for (const target of ['/form', '/resource', '/form.data']) {
      const answer = await web.post(
        target,
        [web.host, web.origin, form, web.cookieOf('ada')],
        'a=b',
      )
      expect(answer.status).toBeLessThan(300)
      expect(web.build.actions.at(-1)).toBe(target.replace('.data', ''))
    }
    expect((await web.post('/form?_data=form', [web.host, web.origin, form], 'a=b')).status).toBe(
      400,
    )
  })

  test('do not reach a call as multipart or as a form', async () => {
    const boundary = 'multipart/form-data; boundary=x'
    const body = '--x\r\nContent-Disposition: form-data; name="text"\r\n\r\nquack\r\n--x--\r\n'
    const foreign = await web.post(
      '/trpc/messages.send',
      [web.host, evil, `Content-Type: ${boundary}`, web.cookieOf('ada')],
      body,
    )
    expect(foreign.status).toBe(403)
    expect(JSON.parse(foreign.body)).toMatchObject({
      error: {
        data: {
          code: 'FORBIDDEN',
          httpStatus: 403,
          reason: 'ORIGIN_REFUSED',
          requestId: foreign.headers['x-request-id'],
        },
      },
    })
    for (const type of [
      boundary,
      'application/x-www-form-urlencoded',
      'text/plain',
      'application/octet-stream',
    ]) {
      const ours = await web.post(
        '/trpc/messages.send',
        [web.host, web.origin, `Content-Type: ${type}`, web.cookieOf('ada')],
        body,
      )
      expect(ours.status).toBe(415)
      expect(JSON.parse(ours.body)).toMatchObject({
        error: { data: { reason: 'MEDIA_TYPE_REFUSED' } },
      })
    }
  })

  test.each(['https://evil.example', 'null', ':::'])(
    'do not open a socket from %s',
    async (origin) => {
      const options = { headers: { origin, cookie: web.app.people.ada.cookieHeader } }
      const socket = new WebSocket(web.server.socketUrl, options)
      const [, answer] = (await once(socket, 'unexpected-response')) as [
        unknown,
        { statusCode: number },
      ]
      expect(answer.statusCode).toBe(403)
    },
  )
})

describe('an allow-listed site', () => {
  test('calls with a bearer token, and never with the cookie', async () => {
    const { secret } = await web.app.services.commit((trx) =>
      issueToken(trx, web.app.people.ben.user.id, { name: 'partner', days: 1 }),
    )
    const lines = [anyHost, `Origin: ${partner}`, web.cookieOf('ada')]
    const byCookie = await web.get('/trpc/auth.me', lines)
    expect(byCookie.status).toBe(401)
    expect(byCookie.headers['access-control-allow-origin']).toBe(partner)
    const byToken = await web.get('/trpc/auth.me', [...lines, `Authorization: Bearer ${secret}`])
    expect(JSON.parse(byToken.body)).toMatchObject({
      result: { data: { user: { handle: 'ben' } } },
    })
  })

  test('asks before it posts, and is told what it may', async () => {
    const asks = [
      anyHost,
      'Access-Control-Request-Method: POST',
      'Access-Control-Request-Headers: authorization',
    ]
    const answer = await web.get('/trpc/messages.send', [...asks, `Origin: ${partner}`], 'OPTIONS')
    expect(answer.status).toBe(204)
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': partner,
      'access-control-allow-methods': 'GET, POST',
    })
    expect(answer.headers['access-control-allow-headers']).toContain('authorization')
    expect(answer.headers).not.toHaveProperty('access-control-allow-credentials')
    expect(
      (await web.get('/trpc/messages.send', [...asks, 'Origin: https://evil.example'], 'OPTIONS'))
        .status,
    ).toBe(403)
  })

  test('is given no session to keep', async () => {
    const credentials = JSON.stringify({
      email: 'ada@example.org',
      password: 'four geese over the lake',
    })
    const json = 'Content-Type: application/json'
    const foreign = await web.post(
      '/trpc/auth.signIn',
      [anyHost, `Origin: ${partner}`, json],
      credentials,
    )
    expect(foreign.headers).not.toHaveProperty('set-cookie')
    const ours = await web.post('/trpc/auth.signIn', [web.host, web.origin, json], credentials)
    expect(ours.headers['set-cookie']).toMatch(/^skein_session=.*HttpOnly/)
  })
})
