/** What people are told while the database is away, frozen, full or cut off, and how soon it is over afterwards. */
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { readEnv } from './env.ts'
import { sendMessage } from './features/messages/send-message.ts'
import { createServices, type Services } from './services.ts'
import { addPerson, type TestPerson } from './testing/factories.ts'
import { startOwnPostgres, type OwnPostgres } from './testing/own-postgres.ts'
import { startTestServer, type TestServer } from './testing/test-server.ts'

let postgres: OwnPostgres
let services: Services
let server: TestServer
let ada: TestPerson
let threadId: string

beforeAll(async () => {
  postgres = await startOwnPostgres()
  const env = {
    NODE_ENV: 'test',
    LOG_LEVEL: 'silent',
    DATABASE_POOL: '4',
    PORT: '0',
    OPS_PORT: '0',
  }
  services = await createServices(readEnv(env), postgres.url)
  server = await startTestServer(services)
  ada = await addPerson(services, 'Ada Lovelace', 'ada')
  const [thread] = (await ada.api.threads.list({})).threads
  threadId = thread?.id ?? ''
})
afterEach(async () => {
  await postgres.thaw()
  await postgres.start()
  await normal()
})
afterAll(async () => {
  await server.http.close()
  await services.close()
  await postgres.close()
})

interface Told {
  status: number
  retryAfter: number
  reason: string
  message: string
  milliseconds: number
}

/** A call over HTTP, as a browser makes it. */
async function call(path: string, input?: unknown): Promise<Told> {
  const started = performance.now()
  const response = await fetch(`${server.url}/trpc/${path}`, {
    headers: {
      cookie: ada.cookieHeader,
      origin: server.url,
      ...(input === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(input === undefined ? {} : { method: 'POST', body: JSON.stringify(input) }),
  })
  const body = (await response.json()) as {
    error?: { message: string; data: { reason: string } }
  }
  return {
    status: response.status,
    retryAfter: Number(response.headers.get('retry-after')),
    reason: body.error?.data.reason ?? '',
    message: body.error?.message ?? '',
    milliseconds: performance.now() - started,
  }
}

const read = () => call('auth.me')
const send = (clientId: string) => call('messages.send', { threadId, clientId, text: 'Hello.' })

/** Waits until calls are answered again. @returns how long that took. */
async function normal(): Promise<number> {
  const started = performance.now()
  while ((await read()).status !== 200) {
    if (performance.now() - started > 10_000) throw new Error('not back within ten seconds')
    await sleep(100)
  }
  return performance.now() - started
}

/** Looked up over a connection of its own: one of the pool's may have ended and nobody has noticed yet. */
async function stored(clientId: string): Promise<number> {
  const client = new pg.Client({ connectionString: postgres.url })
  await client.connect()
  try {
    const { rows } = await client.query<{ n: number }>(
      'select count(*)::int as n from messages where client_id = $1',
      [clientId],
    )
    return rows[0]?.n ?? -1
  } finally {
    await client.end()
  }
}

/** The clock of a loaded machine; the limit itself is two seconds. */
const twoSeconds = 2_400

test('a frozen database is refused within two seconds, and answers at once when it thaws', async () => {
  await Promise.all(Array.from({ length: 8 }, read))
  await postgres.freeze()
  const told: Told[] = []
  for (let round = 0; round < 4; round++) {
    told.push(
      ...(await Promise.all([read(), read(), send(`frozen-${round}`), send(`icy-${round}`)])),
    )
    await sleep(300)
  }
  for (const { status, reason, retryAfter, milliseconds } of told) {
    expect({ status, reason }).toEqual({ status: 503, reason: 'DATABASE_UNAVAILABLE' })
    expect(retryAfter).toBeGreaterThan(0)
    expect(milliseconds).toBeLessThan(twoSeconds)
  }
  const ready = await fetch(`${server.opsUrl}/readyz`)
  expect(ready.status).toBe(503)
  await postgres.thaw()
  expect(await normal()).toBeLessThan(10_000)
  // Whatever became of those calls: asked again with the same id they are there once.
  for (let round = 0; round < 4; round++) {
    expect((await send(`frozen-${round}`)).status).toBe(200)
    expect(await stored(`frozen-${round}`)).toBe(1)
  }
  expect(services.pool.totalCount).toBeLessThanOrEqual(4)
})

test('a database that is stopped and started is refused meanwhile, and then used again', async () => {
  await postgres.stop()
  for (const told of [
    await read(),
    await send('stopped'),
    ...(await Promise.all([read(), read()])),
  ]) {
    expect(told).toMatchObject({ status: 503, reason: 'DATABASE_UNAVAILABLE', retryAfter: 2 })
    expect(told.milliseconds).toBeLessThan(twoSeconds)
  }
  await postgres.start()
  expect(await normal()).toBeLessThan(10_000)
  expect((await send('stopped')).status).toBe(200)
})

test('connections that the database ends break what is under way with a refusal, and nothing after', async () => {
  await Promise.all(Array.from({ length: 8 }, read))
  const calls = Array.from({ length: 40 }, (_, i) => send(`ended-${i}`))
  await terminate()
  const told = await Promise.all(calls)
  for (const { status, reason } of told)
    expect(['200 ', '503 DATABASE_UNAVAILABLE']).toContain(`${status} ${reason}`)
  for (const [i, { status }] of told.entries())
    if (status === 200) expect(await stored(`ended-${i}`)).toBe(1)
  expect(await normal()).toBeLessThan(2_000)
})

test('a call that finds all connections in use is told that it is busy here, and so are those that hold them', async () => {
  const blocker = new pg.Client({ connectionString: postgres.url })
  await blocker.connect()
  await blocker.query('begin; lock table messages, users in access exclusive mode')
  try {
    const told = await Promise.all(Array.from({ length: 12 }, (_, i) => send(`busy-${i}`)))
    for (const { status, reason, retryAfter, milliseconds } of told) {
      expect({ status, reason }).toEqual({ status: 503, reason: 'BUSY' })
      expect(retryAfter).toBe(2)
      expect(milliseconds).toBeLessThan(twoSeconds)
    }
  } finally {
    await blocker.query('rollback')
    await blocker.end()
  }
  expect(await normal()).toBeLessThan(10_000)
})

test('a long statement is let finish: the database answers others meanwhile', async () => {
  const { rows } = await services.pool.query<{ done: number }>('select 1 as done from pg_sleep(4)')
  expect(rows).toEqual([{ done: 1 }])
})

test('a commit whose answer was lost is called unknown, and the same id gives the message that was kept', async () => {
  const input = { threadId, clientId: 'lost-answer', text: 'Once.' }
  const lost = services.commit(async (trx) => {
    const message = await sendMessage(trx, ada.user.id, input)
    // The backend takes COMMIT and is frozen before it can answer.
    await postgres.freeze()
    return message
  })
  await expect(lost).rejects.toThrow('before it said whether it had committed')
  await postgres.thaw()
  await normal()
  expect((await send('lost-answer')).status).toBe(200)
  expect(await stored('lost-answer')).toBe(1)
})

test('what fails before it is asked to be kept is not called unknown', async () => {
  const early = services.commit(async (trx) => {
    await postgres.freeze()
    return sendMessage(trx, ada.user.id, { threadId, clientId: 'early', text: 'Never.' })
  })
  await expect(early).rejects.not.toThrow('whether it had committed')
  await postgres.thaw()
  await normal()
  expect(await stored('early')).toBe(0)
})

async function terminate(): Promise<void> {
  const client = new pg.Client({ connectionString: postgres.url })
  await client.connect()
  await client.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  )
  await client.end()
}
