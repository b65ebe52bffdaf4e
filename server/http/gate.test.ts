import { describe, expect, test } from 'vitest'
import { createGate, type GateRequest } from './gate.ts'
import { refusals } from './refusal.ts'

const local = createGate({ PUBLIC_URL: undefined, ALLOWED_HOSTS: [], ALLOWED_ORIGINS: [] })
const published = createGate({
  PUBLIC_URL: 'https://chat.example.org',
  ALLOWED_HOSTS: ['skein.internal:3000', 'backup.example.org'],
  ALLOWED_ORIGINS: ['https://partner.example.com'],
})

type Headers = [string, string][]

function request(
  method: string,
  url: string,
  headers: Headers,
  kind: GateRequest['kind'] = 'http',
): GateRequest {
  return { kind, method, url, rawHeaders: headers.flat() }
}

function reasonOf(gate: typeof local, asked: GateRequest): string {
  const decision = gate(asked)
  return 'refusal' in decision ? decision.refusal.reason : 'admitted'
}

const home: Headers = [['Host', 'chat.example.org']]
const own: Headers = [...home, ['Origin', 'https://chat.example.org']]
const cookie: [string, string] = ['Cookie', 'skein_session=secret']

describe('methods', () => {
  test.each(['GET', 'HEAD', 'POST', 'OPTIONS'])('%s passes', (method) => {
    expect(reasonOf(published, request(method, '/', own))).toBe('admitted')
  })
  test.each(['TRACE', 'PUT', 'DELETE', 'PATCH', 'CONNECT', 'PROPFIND', 'get', ''])(
    '%s does not',
    (method) => {
      const decision = published(request(method, '/', own))
      expect(decision).toEqual({
        refusal: { reason: 'METHOD_REFUSED', headers: { allow: 'GET, HEAD, POST, OPTIONS' } },
      })
      expect(refusals.METHOD_REFUSED.status).toBe(405)
    },
  )
})

describe('the name in Host', () => {
  test.each([
    ['localhost', 'admitted'],
    ['localhost:3000', 'admitted'],
    ['LOCALHOST:3000', 'admitted'],
    ['ada.localhost:3000', 'admitted'],
    ['127.0.0.1:3000', 'admitted'],
    ['127.8.8.8', 'admitted'],
    ['[::1]:3000', 'admitted'],
    ['192.168.1.5:3000', 'HOST_UNKNOWN'],
    ['evil.example:3000', 'HOST_UNKNOWN'],
    ['localhost.evil.example', 'HOST_UNKNOWN'],
    ['[', 'HOST_INVALID'],
    ['a b', 'HOST_INVALID'],
    ['', 'HOST_INVALID'],
    ['localhost:3000:4000', 'HOST_INVALID'],
    ['localhost:99999', 'HOST_INVALID'],
    ['user@localhost', 'HOST_INVALID'],
    ['localhost/', 'HOST_INVALID'],
    ['localhost#', 'HOST_INVALID'],
    ['local\thost', 'HOST_INVALID'],
    ['[::1', 'HOST_INVALID'],
    ['[zz]', 'HOST_INVALID'],
  ])('without a public address, %j is %s', (host, reason) => {
    expect(reasonOf(local, request('GET', '/', [['Host', host]]))).toBe(reason)
  })
  test.each([
    ['chat.example.org', 'admitted'],
    ['chat.example.org:443', 'admitted'],
    ['Chat.Example.Org', 'admitted'],
    ['chat.example.org:8443', 'HOST_UNKNOWN'],
    ['skein.internal:3000', 'admitted'],
    ['skein.internal', 'HOST_UNKNOWN'],
    ['backup.example.org', 'admitted'],
    ['backup.example.org:8080', 'admitted'],
    ['localhost:3000', 'HOST_UNKNOWN'],
  ])('with a public address and a list, %j is %s', (host, reason) => {
    expect(reasonOf(published, request('GET', '/', [['Host', host]]))).toBe(reason)
  })
  test('none, and two, are not valid', () => {
    expect(reasonOf(local, request('GET', '/', []))).toBe('HOST_INVALID')
    const twice: Headers = [
      ['Host', 'localhost'],
      ['host', 'localhost'],
    ]
    expect(reasonOf(local, request('GET', '/', twice))).toBe('HOST_INVALID')
  })
})

describe('where a request comes from', () => {
  const odd = [
    'https://evil.example',
    'null',
    ':::',
    '',
    'https://',
    'http://chat.example.org',
    'https://chat.example.org/',
    'https://chat.example.org:8443',
    'https://chat.example.org.evil.example',
    'file://',
    'javascript:0',
  ]

  test.each(odd)('a POST from the Origin %j is refused', (origin) => {
    expect(reasonOf(published, request('POST', '/', own))).toBe('admitted')
    expect(reasonOf(published, request('POST', '/', [...home, ['Origin', origin]]))).toBe(
      'ORIGIN_REFUSED',
    )
  })
  test.each(odd)('an upgrade from the Origin %j is refused', (origin) => {
    expect(reasonOf(published, request('GET', '/trpc', own, 'upgrade'))).toBe('admitted')
    expect(
      reasonOf(published, request('GET', '/trpc', [...home, ['Origin', origin]], 'upgrade')),
    ).toBe('ORIGIN_REFUSED')
  })
  test.each(odd)('a GET from the Origin %j brings no cookie', (origin) => {
    const decision = published(request('GET', '/', [...home, ['Origin', origin], cookie]))
    expect(decision).toMatchObject({ admission: { cors: {} } })
    expect('admission' in decision && decision.admission.rawHeaders).not.toContain(
      'skein_session=secret',
    )
  })
  test('two Origins are refused', () => {
    expect(
      reasonOf(published, request('POST', '/', [...own, ['Origin', 'https://chat.example.org']])),
    ).toBe('ORIGIN_REFUSED')
  })
  test.each([
    ['same-origin', 'admitted'],
    ['none', 'admitted'],
    ['same-site', 'ORIGIN_REFUSED'],
    ['cross-site', 'ORIGIN_REFUSED'],
    ['nonsense', 'ORIGIN_REFUSED'],
  ])('without an Origin, a POST that the browser calls %s is %s', (site, reason) => {
    expect(
      reasonOf(published, request('POST', '/', [...home, ['Sec-Fetch-Site', site], cookie])),
    ).toBe(reason)
  })
  test('our Origin does not outweigh a browser that says cross-site', () => {
    expect(
      reasonOf(published, request('POST', '/', [...own, ['Sec-Fetch-Site', 'cross-site']])),
    ).toBe('ORIGIN_REFUSED')
  })
  test('a program, which sends neither, may post and open sockets', () => {
    expect(reasonOf(published, request('POST', '/trpc/messages.send', home))).toBe('admitted')
    expect(reasonOf(published, request('GET', '/trpc', home, 'upgrade'))).toBe('admitted')
  })
  test('a link on another site opens the page as the person who follows it', () => {
    const link: Headers = [
      ...home,
      ['Sec-Fetch-Site', 'cross-site'],
      ['Sec-Fetch-Mode', 'navigate'],
      cookie,
    ]
    const decision = published(request('GET', '/', link))
    expect('admission' in decision && decision.admission.rawHeaders).toContain(
      'skein_session=secret',
    )
    expect(reasonOf(published, request('POST', '/', link))).toBe('ORIGIN_REFUSED')
    expect(reasonOf(published, request('GET', '/trpc', link, 'upgrade'))).toBe('ORIGIN_REFUSED')
  })
  test.each(['cross-site', 'same-site'])('what a %s page loads from us comes as nobody', (site) => {
    const load: Headers = [...home, ['Sec-Fetch-Site', site], ['Sec-Fetch-Mode', 'no-cors'], cookie]
    const decision = published(request('GET', '/', load))
    expect('admission' in decision && decision.admission.rawHeaders).not.toContain(
      'skein_session=secret',
    )
  })
})

describe('an Origin of the allow-list', () => {
  const partner: Headers = [
    ...home,
    ['Origin', 'https://partner.example.com'],
    ['Sec-Fetch-Site', 'cross-site'],
  ]

  test('may call the API, and its cookies are taken off', () => {
    const decision = published(
      request('POST', '/trpc/messages.send', [...partner, cookie, ['Authorization', 'Bearer x']]),
    )
    if (!('admission' in decision)) throw new Error('refused')
    expect(decision.admission.rawHeaders).not.toContain('skein_session=secret')
    expect(decision.admission.rawHeaders).toContain('Bearer x')
    expect(decision.admission.cors['access-control-allow-origin']).toBe(
      'https://partner.example.com',
    )
    expect(decision.admission.cors).not.toHaveProperty('access-control-allow-credentials')
    expect(decision.admission.cors['vary']).toBe('Origin')
  })
  test('may open a socket, without its cookies', () => {
    const decision = published(request('GET', '/trpc', [...partner, cookie], 'upgrade'))
    expect('admission' in decision && decision.admission.rawHeaders).not.toContain(
      'skein_session=secret',
    )
  })
  test('gets an answer to its preflight, for the API alone', () => {
    const asks: Headers = [...partner, ['Access-Control-Request-Method', 'POST']]
    expect(published(request('OPTIONS', '/trpc/messages.send', asks))).toMatchObject({
      admission: { preflight: true },
    })
    expect(reasonOf(published, request('OPTIONS', '/form', asks))).toBe('ORIGIN_REFUSED')
    const evil: Headers = [
      ...home,
      ['Origin', 'https://evil.example'],
      ['Access-Control-Request-Method', 'POST'],
    ]
    expect(reasonOf(published, request('OPTIONS', '/trpc/messages.send', evil))).toBe(
      'ORIGIN_REFUSED',
    )
  })
  test('may not post to a page', () => {
    expect(reasonOf(published, request('POST', '/form', partner))).toBe('ORIGIN_REFUSED')
    expect(reasonOf(published, request('POST', '/trpcx', partner))).toBe('ORIGIN_REFUSED')
  })
})

describe('the address', () => {
  test.each([
    ['/', 'admitted'],
    ['/threads/0192?message=a%20b#'.slice(0, -1), 'admitted'],
    ['/search?query=%', 'admitted'],
    ['http://chat.example.org/', 'URL_INVALID'],
    ['//evil.example/', 'URL_INVALID'],
    ['/\\evil.example', 'URL_INVALID'],
    ['*', 'URL_INVALID'],
    ['', 'URL_INVALID'],
    ['/a b', 'URL_INVALID'],
    ['/%', 'URL_INVALID'],
    ['/%zz', 'URL_INVALID'],
    ['/%ff', 'URL_INVALID'],
    ['/%00', 'URL_INVALID'],
    ['/assets/%2f..%2fsecret', 'URL_INVALID'],
    ['/a#b', 'URL_INVALID'],
    ['/\u00e9', 'URL_INVALID'],
    [`/${'a'.repeat(8_191)}`, 'admitted'],
    [`/${'a'.repeat(8_192)}`, 'URL_TOO_LONG'],
  ])('%.40j is %s', (url, reason) => {
    expect(reasonOf(published, request('GET', url, home))).toBe(reason)
  })
})

describe('headers', () => {
  test('what a proxy could have added is never believed', () => {
    const forged: Headers = [
      ['X-Forwarded-Host', 'evil.example'],
      ['x-forwarded-for', '203.0.113.9'],
      ['X-Forwarded-Proto', 'https'],
      ['Forwarded', 'host=evil.example'],
      ['X-Real-IP', '203.0.113.9'],
      ['X-Request-Id', 'mine'],
      ['X-HTTP-Method-Override', 'DELETE'],
    ]
    const decision = published(request('GET', '/', [...home, ...forged, ['Accept', 'text/html']]))
    expect('admission' in decision && decision.admission.rawHeaders).toEqual([
      'Host',
      'chat.example.org',
      'Accept',
      'text/html',
    ])
  })
  test('more than a hundred are too many', () => {
    const many = (count: number): Headers => Array.from({ length: count }, (_, i) => [`X-${i}`, ''])
    expect(reasonOf(published, request('GET', '/', [...home, ...many(99)]))).toBe('admitted')
    expect(reasonOf(published, request('GET', '/', [...home, ...many(100)]))).toBe(
      'HEADERS_TOO_LARGE',
    )
  })
})
