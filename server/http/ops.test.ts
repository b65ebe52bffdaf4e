import { afterAll, beforeAll, expect, test } from 'vitest'
import { openHttp, type HttpFixture } from '../testing/http-fixture.ts'

let web: HttpFixture

beforeAll(async () => {
  web = await openHttp()
})
afterAll(() => web.close())

async function ask(
  path: string,
): Promise<{ status: number; retryAfter: string | null; text: string }> {
  const response = await fetch(`${web.server.opsUrl}${path}`)
  const retryAfter = response.headers.get('retry-after')
  return { status: response.status, retryAfter, text: await response.text() }
}

test('an instance with its database and schema is alive and ready', async () => {
  expect(await ask('/livez')).toMatchObject({ status: 200, text: '{"live":true}\n' })
  const { status, text } = await ask('/readyz')
  expect(status).toBe(200)
  expect(JSON.parse(text)).toMatchObject({
    ready: true,
    checks: { database: { ok: true }, migrations: { ok: true }, traffic: { ok: true } },
  })
})

test('a schema that lacks what the code needs is named; one that newer code has brought meanwhile keeps nobody out', async () => {
  const { db } = web.app.services
  const untyped = db.withTables<{ kysely_migration: { name: string; timestamp: string } }>()
  const names = await untyped.selectFrom('kysely_migration').select('name').execute()
  const newest = names.map(({ name }) => name).sort()[names.length - 1] ?? ''

  await untyped
    .updateTable('kysely_migration')
    .set({ name: '0000-earlier' })
    .where('name', '=', newest)
    .execute()
  const lacking = await ask('/readyz')
  await untyped
    .updateTable('kysely_migration')
    .set({ name: newest })
    .where('name', '=', '0000-earlier')
    .execute()
  expect([lacking.status, lacking.retryAfter]).toEqual([503, '2'])
  expect(JSON.parse(lacking.text)).toMatchObject({
    ready: false,
    checks: {
      database: { ok: true },
      migrations: { ok: false, detail: expect.stringContaining(newest) as string },
    },
  })

  await untyped
    .insertInto('kysely_migration')
    .values({ name: '9999-later', timestamp: '' })
    .execute()
  const beyond = await ask('/readyz')
  await untyped.deleteFrom('kysely_migration').where('name', '=', '9999-later').execute()
  expect(beyond.status).toBe(200)
  expect(beyond.text).toContain('9999-later')
  expect((await ask('/readyz')).status).toBe(200)
})

test('a database that gives no answer within a second is named, and the process still lives', async () => {
  const { pool } = web.app.services
  const taken = await Promise.all(Array.from({ length: pool.options.max }, () => pool.connect()))
  const started = performance.now()
  const { status, text } = await ask('/readyz')
  expect(performance.now() - started).toBeLessThan(2_000)
  for (const client of taken) client.release()
  expect(status).toBe(503)
  expect(JSON.parse(text)).toMatchObject({
    ready: false,
    checks: { database: { ok: false, detail: 'no answer within 1000 ms' } },
  })
  expect((await ask('/livez')).status).toBe(200)
})

test('the metrics count requests by pattern, and name nobody', async () => {
  await web.get('/trpc/system.info')
  await web.get(`/threads/${web.app.people.ada.user.id}`)
  await web.get('/', ['Host: evil.example'])
  const { status, text } = await ask('/metrics')
  expect(status).toBe(200)
  expect(text).toMatch(
    /skein_http_request_seconds_count\{route="\/trpc\/system.info",status="2xx"\} 1/,
  )
  expect(text).toMatch(/skein_http_request_seconds_count\{route="pages",status="4xx"\} 1/)
  expect(text).toMatch(/skein_gate_refusals_total\{reason="HOST_UNKNOWN"\} 1/)
  expect(text).toMatch(/skein_database_pool_waiting 0/)
  expect(text).not.toContain(web.app.people.ada.user.id)
})

test('nothing of it is on the web port, and nothing else on this one', async () => {
  for (const path of ['/livez', '/readyz', '/metrics'])
    expect((await web.get(path)).status).toBe(404)
  expect((await ask('/')).status).toBe(404)
  expect((await ask('/trpc/system.info')).status).toBe(404)
})

test('an instance that is draining is not ready, takes nobody new, and sends event streams away', async () => {
  const { http, opsUrl, url } = web.server
  const headers = { cookie: web.app.people.ada.cookieHeader }
  const stream = await fetch(`${url}/trpc/events.stream?input=%7B%7D`, { headers })
  expect(stream.headers.get('content-type')).toContain('text/event-stream')
  const ended = stream.text().then(
    () => 'ended',
    () => 'cut',
  )

  await http.drain()
  expect(await ended).toBe('cut')
  const response = await fetch(`${opsUrl}/readyz`)
  expect(response.status).toBe(503)
  expect(await response.json()).toMatchObject({
    checks: { traffic: { ok: false, detail: 'draining' } },
  })
  await expect(fetch(url)).rejects.toThrow()
})
