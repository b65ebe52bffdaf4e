import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anyHost, openHttp, type HttpFixture } from '../testing/http-fixture.ts'

let web: HttpFixture

beforeAll(async () => {
  web = await openHttp()
})
afterAll(() => web.close())

describe('files of the build', () => {
  const file = '/assets/app-1a2b3c.js'
  test('are kept for ever when their name holds a hash, and for an hour otherwise', async () => {
    expect((await web.get(file)).headers['cache-control']).toBe(
      'public, max-age=31536000, immutable',
    )
    const icon = await web.get('/favicon.ico')
    expect([icon.status, icon.headers['content-type']]).toEqual([200, 'image/svg+xml'])
    expect(icon.headers['cache-control']).toBe('public, max-age=3600')
  })
  test('are not sent again to who has them', async () => {
    const { etag } = (await web.get(file)).headers
    expect((await web.get(file, [anyHost, `If-None-Match: W/"x", ${etag}`])).status).toBe(304)
    expect((await web.get(file, [anyHost, 'If-None-Match: "x"'])).status).toBe(200)
  })
  test('come packed to who can unpack', async () => {
    const packed = await web.get(file, [anyHost, 'Accept-Encoding: br, gzip'])
    expect(packed.headers['content-encoding']).toBe('gzip')
    expect(Number(packed.headers['content-length'])).toBeLessThan(200)
    expect(
      (await web.get(file, [anyHost, 'Accept-Encoding: gzip;q=0'])).headers,
    ).not.toHaveProperty('content-encoding')
  })
  test('come in parts to who asks', async () => {
    const part = await web.get(file, [anyHost, 'Range: bytes=3-7'])
    expect([part.status, part.body, part.headers['content-range']]).toEqual([
      206,
      'geese',
      'bytes 3-7/1800',
    ])
    const tail = await web.get(file, [anyHost, 'Range: bytes=-6'])
    expect(tail.body).toBe('geese\n')
    const beyond = await web.get(file, [anyHost, 'Range: bytes=1800-'])
    expect([beyond.status, beyond.headers['content-range']]).toEqual([416, 'bytes */1800'])
    expect((await web.get(file, [anyHost, 'Range: bytes=0-1,5-6'])).status).toBe(200)
  })
  test('answer HEAD with their length', async () => {
    const answer = await web.get(file, [anyHost], 'HEAD')
    expect([answer.status, answer.headers['content-length'], answer.body]).toEqual([
      200,
      '1800',
      '',
    ])
  })
  test.each([
    '/assets/../../package.json',
    '/assets/..%5c..%5cpackage.json',
    '/.env',
    '/assets/',
    '/package.json',
  ])('%s leads nowhere', async (target) => {
    const answer = await web.get(target)
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.body).not.toContain('"dependencies"')
  })
})
