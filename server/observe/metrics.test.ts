/** Two instances over a real nats-server, asked on their operations port, as Prometheus does. */
import { readFile } from 'node:fs/promises'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import pino from 'pino'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { connectNatsBus } from '../bus/nats-bus.ts'
import { makeFaulty } from '../testing/faulty-bus.ts'
import { until } from '../testing/log-fixture.ts'
import {
  collect,
  openSocketFixture,
  textsOf,
  type SocketFixture,
} from '../testing/socket-fixture.ts'
import { startTestNats, type TestNats } from '../testing/test-nats.ts'

let nats: TestNats
let fixture: SocketFixture
/** What becomes of a signal of the first instance: how often it arrives. */
let copies = 1
beforeAll(async () => {
  nats = await startTestNats()
  const log = pino({ level: 'silent' })
  fixture = await openSocketFixture({
    bus: async (place) => {
      const bus = connectNatsBus(nats.url, log)
      await until(() => bus.connected, 5_000, 'connected')
      const fate = (data: string) =>
        data.startsWith('{"kind"') ? [0] : Array<number>(copies).fill(0)
      return place === 0 ? makeFaulty(bus, fate) : bus
    },
  })
})
afterEach(async () => {
  copies = 1
  await fixture.cleanUp()
})
afterAll(async () => {
  await fixture.close()
  await nats.stop()
})

const scrape = async (place: 0 | 1) =>
  (await fetch(`${fixture.servers[place].opsUrl}/metrics`)).text()
/** A sample by its name and labels, as they are written. */
async function sample(place: 0 | 1, name: string): Promise<number> {
  const line = (await scrape(place)).split('\n').find((each) => each.startsWith(`${name} `))
  return line === undefined ? 0 : Number(line.slice(name.length + 1))
}
async function untilSample(place: 0 | 1, name: string, is: (value: number) => boolean) {
  for (const deadline = Date.now() + 5_000; ; await sleep(50)) {
    const value = await sample(place, name)
    if (is(value)) return
    if (Date.now() > deadline) throw new Error(`${name} is ${value}`)
  }
}
const ben = () => fixture.app.people.ben

test('connections and what is open on them are there when they are, and gone with them', async () => {
  const client = fixture.stockClient(fixture.servers[0], ben())
  const heard = fixture.follow(client)
  const hints = client.hints.stream.subscribe(undefined, {})
  await client.hints.send.mutate({ type: 'presence', state: 'active' })
  await until(() => heard.items.length > 0, 3_000, 'the first item')
  const abort = new AbortController()
  const stream = await fetch(`${fixture.servers[0].url}/trpc/events.stream`, {
    headers: { cookie: ben().cookieHeader, accept: 'text/event-stream' },
    signal: abort.signal,
  })
  expect(stream.status).toBe(200)
  await untilSample(0, 'skein_sockets', (n) => n === 1)
  await untilSample(0, 'skein_subscriptions', (n) => n === 2)
  await untilSample(0, 'skein_event_streams', (n) => n === 1)
  await untilSample(0, 'skein_people_here{state="online"}', (n) => n === 1)
  await untilSample(1, 'skein_people_here{state="online"}', (n) => n === 1)
  hints.unsubscribe()
  await untilSample(0, 'skein_subscriptions', (n) => n === 1)
  abort.abort()
  await fixture.cleanUp()
  await untilSample(0, 'skein_sockets', (n) => n === 0)
  await untilSample(0, 'skein_event_streams', (n) => n === 0)
})

test('deliveries, holes and repeats are counted where they happen', async () => {
  const { ada } = fixture.app.people
  const heard = fixture.follow(fixture.stockClient(fixture.servers[1], ben()))
  await until(() => heard.items.length > 0, 3_000, 'the first item')
  const names = ['deliveries', 'holes_filled', 'repeats_dropped'].map((n) => `skein_${n}_total`)
  const read = () => Promise.all(names.map((name) => sample(1, name)))
  const arrived = (n: number) => until(() => textsOf(heard).length === n, 5_000, `${n} messages`)
  const start = await read()
  await fixture.send(ada, 'arrives')
  await arrived(1)
  expect((await read())[0]).toBe((start[0] ?? 0) + 1)
  copies = 2
  await fixture.send(ada, 'arrives twice')
  await arrived(2)
  await untilSample(1, 'skein_repeats_dropped_total', (n) => n > (start[2] ?? 0))
  copies = 0
  await fixture.send(ada, 'is lost, and found by the sweep')
  await arrived(3)
  await untilSample(1, 'skein_holes_filled_total', (n) => n > (start[1] ?? 0))
  expect(await sample(1, 'skein_deliveries_total')).toBe((start[0] ?? 0) + 3)
})

test('the sweep tells how late it was, at the next scrape and not after', async () => {
  const { ada } = fixture.app.people
  const heard = fixture.follow(fixture.stockClient(fixture.servers[1], ben()))
  await until(() => heard.items.length > 0, 3_000, 'the first item')
  await scrape(1)
  copies = 0
  await fixture.send(ada, 'only the sweep will find this')
  await until(() => textsOf(heard).length === 1, 5_000, 'the message')
  const lag = await sample(1, 'skein_sweep_lag_seconds')
  expect(lag).toBeGreaterThan(0)
  expect(lag).toBeLessThan(5)
  expect(await sample(1, 'skein_sweep_lag_seconds')).toBe(0)
})

test('who comes back with a cursor, and who must begin anew, over sockets and over plain HTTP', async () => {
  const client = fixture.stockClient(fixture.servers[0], ben())
  const { cursor } = await client.events.cursor.query()
  const resumes = await sample(0, 'skein_resumes_total{reason="cursor"}')
  const resets = await sample(0, 'skein_resets_total{reason="CURSOR_UNKNOWN"}')
  const heard = fixture.follow(client, cursor)
  await until(() => heard.items.length > 0, 3_000, 'the first item')
  await untilSample(0, 'skein_resumes_total{reason="cursor"}', (n) => n === resumes + 1)
  const refused = fixture.follow(client, 'nonsense')
  await until(() => refused.errors.length > 0, 3_000, 'the refusal')
  const input = encodeURIComponent(JSON.stringify({ cursor: 'nonsense' }))
  const response = await fetch(`${fixture.servers[0].url}/trpc/events.stream?input=${input}`, {
    headers: { cookie: ben().cookieHeader, accept: 'text/event-stream' },
  })
  const reader = response.body?.getReader()
  await untilSample(0, 'skein_resets_total{reason="CURSOR_UNKNOWN"}', (n) => n === resets + 2)
  await reader?.cancel()
})

test('bytes that wait for a reader who takes nothing, and the way back to the log', async () => {
  const { ada } = fixture.app.people
  const slow = fixture.openRaw(fixture.servers[0], ben())
  const frames = collect(slow)
  await once(slow, 'open')
  slow.send(JSON.stringify({ id: 1, method: 'subscription', params: { path: 'events.stream' } }))
  await until(() => frames.length >= 2, 3_000, 'subscribed')
  slow.pause()
  const long = '漢'.repeat(9_900)
  // More than the system's own buffers take.
  for (let i = 0; i < 30; i++)
    await Promise.all(Array.from({ length: 20 }, () => fixture.send(ada, long)))
  expect(await sample(0, 'skein_queue_bytes')).toBeGreaterThan(100_000)
  slow.resume()
  await untilSample(0, 'skein_resumes_total{reason="behind"}', (n) => n > 0)
  await untilSample(0, 'skein_queue_bytes', (n) => n === 0)
}, 60_000)

test('the database’s pool is looked at when somebody asks', async () => {
  const { pool } = fixture.app.services
  const taken = await Promise.all(Array.from({ length: pool.options.max }, () => pool.connect()))
  const waiting = pool.query('select 1')
  const [open, inUse, queued] = await Promise.all(
    ['open', 'in_use', 'waiting'].map((name) => sample(0, `skein_database_pool_${name}`)),
  )
  for (const client of taken) client.release()
  await waiting
  expect([open, inUse]).toEqual([pool.options.max, pool.options.max])
  expect(queued).toBeGreaterThanOrEqual(1)
  await untilSample(0, 'skein_database_pool_waiting', (n) => n === 0)
})

test('a busy event loop shows', async () => {
  const looks = () => sample(0, 'skein_event_loop_lag_seconds_count')
  const inTime = () => sample(0, 'skein_event_loop_lag_seconds_bucket{le="0.25"}')
  const before = await looks()
  // A third of the time is taken for as long as it may rest between two looks: from then on there are ten a second.
  for (const end = performance.now() + 3_500; performance.now() < end; await sleep(20)) block(10)
  const late = (await looks()) - (await inTime())
  for (let times = 0; times < 3; times++) {
    await sleep(50)
    block(400)
  }
  await sleep(150)
  expect(await looks()).toBeGreaterThan(before + 5)
  expect((await looks()) - (await inTime())).toBeGreaterThan(late)
})

function block(milliseconds: number): void {
  for (const end = performance.now() + milliseconds; performance.now() < end;);
}

test('NATS being gone shows, and its return', async () => {
  expect(await sample(0, 'skein_nats_connected')).toBe(1)
  await nats.stop()
  await untilSample(0, 'skein_nats_connected', (n) => n === 0)
  await nats.start()
  await untilSample(0, 'skein_nats_connected', (n) => n === 1)
})

test('after all of this nothing in it names anybody, or is not in the docs for operators', async () => {
  const text = `${await scrape(0)}${await scrape(1)}`
  expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/)
  for (const name of ['ada', 'ben', 'cleo', 'dan', 'example.org', '127.0.0.1', '192.0.2'])
    expect(text).not.toMatch(new RegExp(`\\b${name}\\b`))
  const docs = await readFile(new URL('../../docs/metrics.md', import.meta.url), 'utf8')
  const documented = [...docs.matchAll(/^\| `(skein_\w+)` +\|(?: (\w+) )?/gm)]
  const rows = documented.map(([, name, type]) => ({ name, type }))
  const ours = rows.filter(({ name }) => !/^skein_(?:process|nodejs)_/.test(name ?? ''))
  const reported = [...text.matchAll(/^# TYPE (skein_\w+) (\w+)$/gm)]
  const samples = new Map(reported.map(([, name = '', type = '']) => [name, type]))
  const known = [...samples].filter(([name]) => !/^skein_(?:process|nodejs)_/.test(name))
  expect(ours.map(({ name, type }) => [name, type]).sort()).toEqual(known.sort())
  for (const { name } of rows) expect(samples.has(name ?? ''), name).toBe(true)
})
