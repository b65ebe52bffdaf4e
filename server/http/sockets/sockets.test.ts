import { createTRPCClient, createWSClient, wsLink, type TRPCClient } from '@trpc/client'
import { setTimeout as sleep } from 'node:timers/promises'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { FactItem } from '../../features/events/fact.subscription.ts'
import type { AppRouter } from '../../router.ts'
import { addPerson, type TestPerson } from '../../testing/factories.ts'
import { until } from '../../testing/log-fixture.ts'
import { createTestApp, type TestApp } from '../../testing/test-app.ts'
import { startTestServer, type TestServer } from '../../testing/test-server.ts'
import { createSockets } from './create-sockets.ts'
import { closeCodes, socketLimits } from './limits.ts'

let app: TestApp
let servers: [TestServer, TestServer]
let thread: string
const cleanUps: (() => unknown)[] = []

beforeAll(async () => {
  app = await createTestApp({ instances: 2, env: { PORT: '0', OPS_PORT: '0' } })
  const [one, two] = app.instances
  if (!one || !two) throw new Error('two instances were asked for')
  servers = [await startTestServer(one), await startTestServer(two)]
  const { ada, ben } = app.people
  const made = await ada.api.threads.create({
    clientId: randomUUID(),
    kind: 'private',
    title: 'Sockets',
    participantIds: [ben.user.id],
  })
  thread = made.thread.id
})
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp()
})
afterAll(async () => {
  for (const server of servers) await server.http.close()
  await app.close()
})

/** A browser's socket: the cookie and the page's own origin come with the upgrade. */
function openRaw(server: TestServer, person: TestPerson | null, path = ''): WebSocket {
  const ws = new WebSocket(`${server.socketUrl}${path}`, {
    headers: { origin: server.url, ...(person ? { cookie: person.cookieHeader } : {}) },
  })
  cleanUps.push(() => ws.terminate())
  ws.on('error', () => undefined)
  return ws
}

interface Frame {
  id: number | null
  method?: string
  result?: { type: string; id?: string; data?: unknown }
  error?: { data: { reason: string; code: string; requestId: string } }
}

/** Collects what the server sends. */
function collect(ws: WebSocket): Frame[] {
  const frames: Frame[] = []
  ws.on('message', (data) => frames.push(JSON.parse((data as Buffer).toString()) as Frame))
  return frames
}

async function closed(ws: WebSocket): Promise<number> {
  const [code] = (await once(ws, 'close')) as [number]
  return code
}

/** @trpc/client as its documentation shows it, over the ws package. */
function stockClient(
  server: TestServer,
  person: TestPerson,
  token?: string,
  connections: WebSocket[] = [],
): TRPCClient<AppRouter> {
  class Socket extends WebSocket {
    constructor(url: string) {
      super(url, {
        headers: { origin: server.url, ...(token ? {} : { cookie: person.cookieHeader }) },
      })
      connections.push(this)
    }
  }
  const ws = createWSClient({
    url: server.socketUrl,
    WebSocket: Socket as unknown as typeof globalThis.WebSocket,
    retryDelayMs: () => 50,
    ...(token ? { connectionParams: { token } } : {}),
  })
  cleanUps.push(() => ws.close())
  return createTRPCClient<AppRouter>({ links: [wsLink({ client: ws })] })
}

interface Heard {
  items: { id: string; data: FactItem }[]
  errors: unknown[]
}

function follow(client: TRPCClient<AppRouter>, cursor?: string): Heard {
  const heard: Heard = { items: [], errors: [] }
  const subscription = client.events.stream.subscribe(
    cursor === undefined ? undefined : { cursor },
    {
      onData: (item) => heard.items.push(item),
      onError: (error) => heard.errors.push(error),
    },
  )
  cleanUps.push(() => subscription.unsubscribe())
  return heard
}

const texts = ({ items }: Heard) =>
  items.flatMap(({ data }) =>
    data.events.flatMap((event) =>
      event.type === 'message.posted' ? [event.payload.message.text] : [],
    ),
  )
const send = (person: TestPerson, text: string, on = app.services) =>
  person.on(on).messages.send({ threadId: thread, clientId: randomUUID(), text })

test('a stock tRPC client calls, subscribes and is told what others write on another instance', async () => {
  const { ada, ben } = app.people
  const client = stockClient(servers[1], ben)
  expect((await client.auth.me.query()).user.handle).toBe('ben')
  const heard = follow(client)
  await until(() => heard.items.length > 0, 2_000, 'the first item with a cursor')
  expect(heard.items[0]?.data.events).toEqual([])
  expect(heard.items[0]?.id).toBe(heard.items[0]?.data.cursor)
  await send(ada, 'hello over there')
  await until(() => texts(heard).length > 0, 2_000, 'the message')
  expect(texts(heard)).toEqual(['hello over there'])
})

test('a stock client whose connection breaks resumes by its last event id and misses nothing', async () => {
  const { ada, ben } = app.people
  const connections: WebSocket[] = []
  const heard = follow(stockClient(servers[0], ben, undefined, connections))
  await until(() => heard.items.length > 0, 2_000, 'the first item')
  // The horizon may lie before this test, and a resume repeats from there on.
  const mine = () => new Set(texts(heard).filter((text) => text.startsWith('round')))
  const sent: string[] = []
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < 5; i++) {
      const text = `round ${round} message ${i}`
      sent.push(text)
      await send(ada, text)
      if (i === 2) connections.at(-1)?.terminate()
    }
    await until(() => mine().size >= sent.length, 5_000, 'all messages')
  }
  expect([...mine()]).toEqual(sent)
  expect(connections).toHaveLength(4)
})

test('a cursor resumes on another instance', async () => {
  const { ada, ben } = app.people
  const first = follow(stockClient(servers[0], ben))
  await until(() => first.items.length > 0, 2_000, 'the first item')
  const cursor = first.items.at(-1)?.id
  await send(ada, 'while away')
  const second = follow(stockClient(servers[1], ben), cursor)
  await until(() => texts(second).includes('while away'), 2_000, 'the message')
  // A little from before the cursor may be repeated, nothing after it is missing.
  expect(texts(second).filter((text) => text === 'while away')).toHaveLength(1)
  expect(texts(second).at(-1)).toBe('while away')
})

test('a bearer token in the connection parameters counts, and a bad one closes the socket', async () => {
  const { ben } = app.people
  const { secret } = await ben.api.auth.tokens.create({ name: 'bot' })
  expect((await stockClient(servers[0], ben, secret).auth.me.query()).user.handle).toBe('ben')

  const ws = openRaw(servers[0], null, '?connectionParams=1')
  const frames = collect(ws)
  await once(ws, 'open')
  ws.send(JSON.stringify({ method: 'connectionParams', data: { token: 'skein_nonsense' } }))
  expect(await closed(ws)).toBe(closeCodes.notSignedIn)
  expect(frames[0]?.error?.data.reason).toBe('TOKEN_REFUSED')
})

test('the same stream of facts is read over SSE', async () => {
  const { ada, ben } = app.people
  const { token, secret } = await ben.api.auth.tokens.create({ name: 'sse' })
  const response = await fetch(`${servers[0].url}/trpc/events.stream`, {
    headers: { authorization: `Bearer ${secret}`, accept: 'text/event-stream' },
  })
  expect(response.headers.get('content-type')).toContain('text/event-stream')
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  const reading = (async () => {
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read())
      text += part.value
  })()
  await until(() => text.includes('"cursor"'), 2_000, 'the first item')
  await send(ada, 'over plain HTTP')
  await until(() => text.includes('over plain HTTP'), 2_000, 'the message')
  // It ends with the token it lives by.
  await ben.api.auth.tokens.revoke({ tokenId: token.id })
  await until(() => text.includes('SESSION_ENDED'), 3_000, 'the end')
  await reader?.cancel()
  await reading
})

test('signing out, or having the session revoked, closes open sockets on every instance within two seconds', async () => {
  const dana = await addPerson(app.services, 'Dana')
  const sockets = servers.map((server) => openRaw(server, dana))
  await Promise.all(sockets.map((ws) => once(ws, 'open')))
  const ends = sockets.map(closed)
  await sleep(100)
  const started = Date.now()
  const { sessions } = await dana.api.auth.sessions.list()
  await dana.api.auth.sessions.revoke({ sessionId: sessions[0]?.id ?? '' })
  expect(await Promise.all(ends)).toEqual([closeCodes.sessionEnded, closeCodes.sessionEnded])
  expect(Date.now() - started).toBeLessThan(2_000)
})

test('who is made an admin, or is no longer one, is judged so on a socket that was open before', async () => {
  const eve = await addPerson(app.services, 'Eve')
  const client = stockClient(servers[1], eve)
  const may = () =>
    client.server.invitations.list.query().then(
      () => true,
      () => false,
    )
  expect(await may()).toBe(false)
  await app.people.ada.api.people.setRole({ personId: eve.user.id, role: 'admin' })
  await sleep(300)
  expect(await may()).toBe(true)
  await app.people.ada.api.people.setRole({ personId: eve.user.id, role: 'member' })
  await sleep(300)
  expect(await may()).toBe(false)
})

test('a socket that does not show who it is within five seconds is closed', async () => {
  const started = Date.now()
  const silent = openRaw(servers[0], null)
  const waiting = openRaw(servers[0], null, '?connectionParams=1')
  expect(await Promise.all([closed(silent), closed(waiting)])).toEqual([
    closeCodes.notSignedIn,
    closeCodes.notSignedIn,
  ])
  expect(Date.now() - started).toBeGreaterThan(socketLimits.authenticateMs - 500)
  expect(Date.now() - started).toBeLessThan(socketLimits.authenticateMs + 3_000)
})

test('what is not a message of the protocol gets an error and the socket is closed', async () => {
  for (const nonsense of [
    '{',
    '[]x',
    '{"id":1}',
    JSON.stringify({ id: 1, method: 'subscribe', params: { path: 'x' } }),
  ]) {
    const ws = openRaw(servers[0], app.people.ada)
    const frames = collect(ws)
    await once(ws, 'open')
    ws.send(nonsense)
    expect(await closed(ws)).toBe(closeCodes.badFrame)
    expect(frames[0]?.error?.data).toMatchObject({ code: 'PARSE_ERROR', reason: 'INPUT_INVALID' })
  }
  const binary = openRaw(servers[0], app.people.ada)
  await once(binary, 'open')
  binary.send(Buffer.from([1, 2, 3]))
  expect(await closed(binary)).toBe(closeCodes.badFrame)
})

test('a frame over 64 KiB is refused, one with the longest message is taken', async () => {
  const ws = openRaw(servers[0], app.people.ada)
  const frames = collect(ws)
  await once(ws, 'open')
  const longest = '𝕬'.repeat(5_000)
  const input = { threadId: thread, clientId: randomUUID(), text: longest }
  ws.send(JSON.stringify({ id: 1, method: 'mutation', params: { path: 'messages.send', input } }))
  await until(() => frames.length > 0, 2_000, 'the answer')
  expect(frames[0]?.result?.data).toMatchObject({ message: { text: longest } })
  ws.send('x'.repeat(socketLimits.frameBytes + 1))
  expect(await closed(ws)).toBe(1009)
})

test('a socket carries at most fifty subscriptions; one more is refused by name and the others go on', async () => {
  const ws = openRaw(servers[0], app.people.ada)
  const frames = collect(ws)
  await once(ws, 'open')
  const subscribe = (id: number) =>
    ws.send(JSON.stringify({ id, method: 'subscription', params: { path: 'hints.stream' } }))
  for (let id = 1; id <= socketLimits.subscriptions; id++) {
    subscribe(id)
    if (id % 25 === 0) await until(() => started(frames) >= id, 3_000, 'started')
  }
  subscribe(99)
  await until(() => frames.some(({ error }) => error), 2_000, 'the refusal')
  expect(frames.find(({ error }) => error)?.error?.data.reason).toBe('TOO_MANY_SUBSCRIPTIONS')
  ws.send(JSON.stringify({ id: 1, method: 'subscription.stop' }))
  await until(
    () => frames.some(({ id, result }) => id === 1 && result?.type === 'stopped'),
    2_000,
    'stopped',
  )
  subscribe(100)
  await until(() => started(frames) === socketLimits.subscriptions + 1, 2_000, 'room for one more')
  expect(ws.readyState).toBe(ws.OPEN)
})
const started = (frames: Frame[]) =>
  frames.filter(({ result }) => result?.type === 'started').length

test('a second subscription under the same id is refused, and the first goes on', async () => {
  const { ada, ben } = app.people
  const ws = openRaw(servers[0], ben)
  const frames = collect(ws)
  await once(ws, 'open')
  const subscribe = JSON.stringify({
    id: 7,
    method: 'subscription',
    params: { path: 'events.stream' },
  })
  ws.send(subscribe)
  await until(() => frames.length >= 2, 2_000, 'subscribed')
  ws.send(subscribe)
  await until(() => frames.some(({ error }) => error), 2_000, 'the refusal')
  await send(ada, 'to the first of the two')
  const heard = () =>
    JSON.stringify(frames.map(({ result }) => result?.data)).includes('to the first of the two')
  await until(heard, 2_000, 'the message')
  ws.send(JSON.stringify({ id: 7, method: 'subscription.stop' }))
  await until(() => frames.at(-1)?.result?.type === 'stopped', 2_000, 'stopped')
  const before = frames.length
  await send(ada, 'to nobody')
  await sleep(100)
  expect(frames).toHaveLength(before)
})

test('a subscription that is stopped before it was opened never opens', async () => {
  const ws = openRaw(servers[0], app.people.ben)
  const frames = collect(ws)
  await once(ws, 'open')
  const path = 'events.stream'
  ws.send(
    JSON.stringify([
      { id: 1, method: 'subscription', params: { path } },
      { id: 1, method: 'subscription.stop' },
    ]),
  )
  await until(() => frames.some(({ result }) => result?.type === 'stopped'), 2_000, 'stopped')
  await send(app.people.ada, 'unheard')
  await sleep(150)
  expect(frames).toHaveLength(1)
})

test('one person has at most twenty sockets on an instance', async () => {
  const fay = await addPerson(app.services, 'Fay')
  const sockets = Array.from({ length: socketLimits.socketsPerPerson }, () =>
    openRaw(servers[0], fay),
  )
  await Promise.all(sockets.map((ws) => once(ws, 'open')))
  await sleep(200)
  expect(await closed(openRaw(servers[0], fay))).toBe(closeCodes.tooManySockets)
  expect(sockets.every((ws) => ws.readyState === ws.OPEN)).toBe(true)
  // Others are not touched by it, and room comes back.
  sockets[0]?.close()
  await sleep(100)
  const again = openRaw(servers[0], fay)
  await once(again, 'open')
  await sleep(100)
  expect(again.readyState).toBe(again.OPEN)
})

test('a reader that stops reading costs the server little, and has everything when it reads again', async () => {
  const { ada, ben } = app.people
  const slow = openRaw(servers[0], ben)
  const frames = collect(slow)
  await once(slow, 'open')
  slow.send(JSON.stringify({ id: 1, method: 'subscription', params: { path: 'events.stream' } }))
  await until(() => frames.length >= 2, 2_000, 'subscribed')
  slow.pause()
  const heap = await memory()
  const long = 'z'.repeat(9_000)
  const n = 3_000
  // 27 MB on the way to one reader.
  for (let i = 0; i < n; i += 20)
    await Promise.all(Array.from({ length: 20 }, (_, j) => send(ada, `${i + j} ${long}`)))
  const growth = (await memory()) - heap
  expect(growth).toBeLessThan(16 * 1024 * 1024)
  slow.resume()
  const numbers = () =>
    frames.flatMap(({ result }) =>
      ((result?.data as { data?: FactItem } | undefined)?.data?.events ?? []).flatMap((event) =>
        event.type === 'message.posted' ? [event.seq] : [],
      ),
    )
  await until(() => numbers().length >= n, 45_000, 'the slow reader has all')
  const seen = numbers()
  expect(new Set(seen).size).toBe(n)
  expect(seen).toEqual([...seen].sort((a, b) => a - b))
}, 150_000)

/** Bytes in use after collecting what is not. Buffers of sockets are outside the heap. */
async function memory(): Promise<number> {
  await sleep(200)
  setFlagsFromString('--expose-gc')
  ;(runInNewContext('gc') as () => void)()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

/** Sockets on a port of their own, with other times. */
async function standAlone(times?: Parameters<typeof createSockets>[1]) {
  const sockets = createSockets(app.services, times)
  const http = createServer()
  http.on('upgrade', (request, socket, head) =>
    sockets.accept(request, socket, head, {
      address: '127.0.0.1',
      userAgent: null,
      cookieHeader: request.headers.cookie ?? null,
      authorization: null,
      refuse: ({ reason }) => socket.end(`HTTP/1.1 503 ${reason}\r\nContent-Length: 0\r\n\r\n`),
    }),
  )
  await once(http.listen(0, '127.0.0.1'), 'listening')
  cleanUps.push(() => {
    sockets.close()
    http.close()
  })
  const { port } = http.address() as AddressInfo
  const url = `http://127.0.0.1:${port}`
  return { sockets, server: { ...servers[0], url, socketUrl: `ws://127.0.0.1:${port}/trpc` } }
}

test('a peer that gives no sign of life is cut, one that answers stays', async () => {
  const { server } = await standAlone({ pingMs: 200, pongMs: 100, recheckMs: 60_000 })
  const alive = openRaw(server, app.people.cleo)
  const dead = new WebSocket(server.socketUrl, {
    autoPong: false,
    headers: { cookie: app.people.cleo.cookieHeader },
  })
  await Promise.all([once(alive, 'open'), once(dead, 'open')])
  expect(await closed(dead)).toBe(1006)
  await sleep(300)
  expect(alive.readyState).toBe(alive.OPEN)
})

test('a session whose time is over ends its open sockets, though nobody announces it', async () => {
  const gil = await addPerson(app.services, 'Gil')
  const { server } = await standAlone({ pingMs: 60_000, pongMs: 5_000, recheckMs: 200 })
  const ws = openRaw(server, gil)
  const other = openRaw(server, app.people.cleo)
  await Promise.all([once(ws, 'open'), once(other, 'open')])
  await sleep(300)
  expect(ws.readyState).toBe(ws.OPEN)
  await app.services.db
    .updateTable('sessions')
    .set({ endsAt: new Date(Date.now() - 1_000) })
    .where('userId', '=', gil.user.id)
    .execute()
  expect(await closed(ws)).toBe(closeCodes.sessionEnded)
  expect(other.readyState).toBe(other.OPEN)
})

test('an instance that stops tells its clients to reconnect, one after the other, and takes no new ones', async () => {
  const { sockets, server } = await standAlone()
  const told: number[] = []
  const clients = Array.from({ length: 10 }, () => openRaw(server, app.people.cleo))
  for (const ws of clients)
    ws.on('message', (data) => {
      const frame = JSON.parse((data as Buffer).toString()) as Frame
      if (frame.method === 'reconnect') told.push(Date.now())
    })
  await Promise.all(clients.map((ws) => once(ws, 'open')))
  const ends = clients.map(closed)
  const drained = sockets.drain(1_000)
  const late = openRaw(server, app.people.cleo)
  await once(late, 'error')
  await drained
  expect(told).toHaveLength(10)
  expect(Math.max(...told) - Math.min(...told)).toBeGreaterThan(700)
  expect(new Set(await Promise.all(ends))).toEqual(new Set([closeCodes.goingAway]))
})

test('an instance that stops ends its event streams one after the other, too', async () => {
  const other = await createTestApp({ env: { PORT: '0', OPS_PORT: '0' } })
  const server = await startTestServer(other.services, undefined, 1_000)
  cleanUps.push(async () => {
    await server.http.close()
    await other.close()
  })
  const streams = await Promise.all(
    Array.from({ length: 6 }, async () => {
      const response = await fetch(`${server.url}/trpc/events.stream`, {
        headers: { cookie: other.people.cleo.cookieHeader, accept: 'text/event-stream' },
      })
      expect(response.status).toBe(200)
      return { ended: response.text().then(Date.now, Date.now) }
    }),
  )
  await server.http.drain()
  const times = await Promise.all(streams.map(({ ended }) => ended))
  expect(Math.max(...times) - Math.min(...times)).toBeGreaterThan(600)
})
