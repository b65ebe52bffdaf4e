import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { addPerson } from '../../server/testing/factories.ts'
import { until } from '../../server/testing/log-fixture.ts'
import { startTestServer } from '../../server/testing/test-server.ts'
import { createTestApp } from '../../server/testing/test-app.ts'
import { createClient, type ClientOptions, type SkeinClient } from '../create-client.ts'
import { SkeinError } from '../skein-error.ts'
import { openClientFixture, type ClientFixture } from '../testing/client-fixture.ts'
import { startLineProxy } from '../testing/line-proxy.ts'
import type { ConnectionState } from './connection-state.ts'
import { Connection } from './connection.ts'
import { EventStreamLine } from './event-stream-line.ts'
import { SocketLine } from './socket-line.ts'

let fixture: ClientFixture
const cleanUps: (() => unknown)[] = []
const transports = ['ws', 'sse'] as const

beforeAll(async () => {
  fixture = await openClientFixture()
})
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp()
  Object.assign(fixture.proxy, { isDown: false, upgrades: 'pass', target: fixture.servers[0].url })
})
afterAll(async () => {
  await fixture.close()
})

function open(options: Partial<ClientOptions> = {}): SkeinClient {
  const client = createClient({ url: fixture.proxy.url, token: fixture.token, ...options })
  cleanUps.push(() => client.close())
  return client
}

/** Follows, and writes down the states that are shown. */
function watch(client: SkeinClient) {
  const states: ConnectionState[] = [client.connection.getSnapshot()]
  client.connection.subscribe(() => states.push(client.connection.getSnapshot()))
  const texts: string[] = []
  const following = client.follow({
    cursor: 'now',
    onEvents(events) {
      for (const event of events)
        if (event.type === 'message.posted') texts.push(event.payload.message.text)
    },
  })
  const ended = following.done.then(
    () => null,
    (error: unknown) => error,
  )
  const now = () => client.connection.getSnapshot()
  const live = () => until(() => now().type === 'live', 10_000, 'live')
  return { states, texts, following, ended, now, live }
}

const types = (states: readonly ConnectionState[]) => states.map(({ type }) => type)

test.each(transports)(
  'over %s the state is shown from nothing to live, and back',
  async (transport) => {
    const client = open({ transport })
    expect(client.connection.getSnapshot()).toMatchObject({ type: 'offline', reason: 'IDLE' })
    const { states, live, now, following } = watch(client)
    await live()
    expect(types(states)).toEqual(['offline', 'connecting', 'catching-up', 'live'])
    fixture.proxy.isDown = true
    const before = Date.now()
    fixture.proxy.cut()
    await until(() => now().type === 'offline', 2_000, 'offline')
    const lost = now()
    if (lost.type !== 'offline') throw new Error('not offline')
    expect(lost.reason).toBe('NO_ANSWER')
    expect(lost.nextTryAt).toBeGreaterThanOrEqual(before)
    expect(lost.nextTryAt).toBeLessThanOrEqual(Date.now() + 3_000)
    client.connection.retryNow()
    await until(() => now().type === 'offline' && now() !== lost, 2_000, 'refused once more')
    // Not live since the loss, however many tries there were.
    expect(now().since).toBe(lost.since)
    fixture.proxy.isDown = false
    client.connection.retryNow()
    await live()
    await following.stop()
    expect(now()).toMatchObject({ type: 'offline', reason: 'IDLE', nextTryAt: null })
  },
)

test.each(transports)(
  'over %s a token that is not one is refused by name, and nothing more is tried',
  async (transport) => {
    const { ended, now } = watch(open({ transport, token: 'skein_nonsense' }))
    const error = await ended
    expect(error).toBeInstanceOf(SkeinError)
    expect(error).toMatchObject({ reason: 'TOKEN_REFUSED', name: 'SkeinError' })
    expect(now()).toMatchObject({ type: 'refused', reason: 'TOKEN_REFUSED' })
    const { count } = fixture.proxy
    await sleep(300)
    expect(fixture.proxy.count).toBe(count)
  },
)

test.each(transports)('over %s nobody is refused as nobody', async (transport) => {
  const client = createClient({ url: fixture.proxy.url, transport })
  cleanUps.push(() => client.close())
  const { ended, now } = watch(client)
  expect(await ended).toMatchObject({ reason: 'NOT_SIGNED_IN' })
  expect(now().type).toBe('refused')
})

test.each(transports)(
  'over %s a token that is revoked ends what lives by it, on another instance too',
  async (transport) => {
    const { ben } = fixture.app.people
    const { secret, tokenId } = await fixture.createToken(ben)
    fixture.proxy.target = fixture.servers[1].url
    const { ended, live, now } = watch(open({ transport, token: secret }))
    await live()
    await ben.api.auth.tokens.revoke({ tokenId })
    expect(await ended).toMatchObject({
      reason: expect.stringMatching(/SESSION_ENDED|TOKEN_REFUSED/) as string,
    })
    expect(now().type).toBe('refused')
  },
)

test.each(transports)(
  'over %s who is removed from a thread hears nothing of it any more',
  async (transport) => {
    const gus = await addPerson(fixture.app.services, `Gus ${transport}`, `gus-${transport}`)
    const { ada } = fixture.app.people
    const { threadId } = fixture
    await ada.api.threads.participants.add({ threadId, userIds: [gus.user.id] })
    const { secret } = await fixture.createToken(gus)
    const { texts, live } = watch(open({ transport, token: secret }))
    await live()
    await fixture.say(`${transport} before`)
    await until(() => texts.length === 1, 3_000, 'what is said before')
    await ada.api.threads.participants.remove({ threadId, userId: gus.user.id })
    await fixture.say(`${transport} after`)
    await sleep(400)
    expect(texts).toEqual([`${transport} before`])
  },
)

test('where a proxy blocks upgrades, a socket says that it is offline, and server-sent events are live', async () => {
  fixture.proxy.upgrades = 'block'
  const blocked = watch(open({ transport: 'ws' }))
  const wasRefused = (state: ConnectionState) =>
    state.type === 'offline' && state.reason === 'NO_ANSWER'
  await until(() => blocked.states.some(wasRefused), 5_000, 'offline')
  expect(types(blocked.states)).not.toContain('live')
  const { live, texts } = watch(open({ transport: 'sse' }))
  await live()
  await fixture.say('through the wall')
  await until(() => texts.includes('through the wall'), 3_000, 'the message')
})

test('a connection that is half-open is noticed by its silence, over both transports', async () => {
  const proxy = await startLineProxy(fixture.servers[0].url)
  cleanUps.push(() => proxy.close())
  const times = { openMs: 5_000, silenceMs: 300, answerMs: 200 }
  const token = async () => fixture.token
  const url = `${proxy.url}/trpc`
  const socketUrl = url.replace('http', 'ws')
  for (const connection of [
    new Connection({
      openLine: (e) => new SocketLine({ url: socketUrl, token, WebSocket, times }, e),
    }),
    new Connection({ openLine: (e) => new EventStreamLine({ url, token, fetch, times }, e) }),
  ]) {
    cleanUps.push(() => connection.close())
    const joined = connection.join({
      path: 'events.stream',
      input: () => ({}),
      data: () => undefined,
      refused: (error) => expect(error).toBeNull(),
    })
    await until(() => connection.getSnapshot().type === 'live', 5_000, 'live')
    const frozen = Date.now()
    proxy.freeze()
    await until(() => connection.getSnapshot().type === 'offline', 5_000, 'noticed')
    // The server's own pings over SSE come every 15 s, so there the silence began with the last of them.
    expect(Date.now() - frozen).toBeLessThan(3_000)
    joined.leave()
  }
})

test('a socket that only listens stays, by its signs of life', async () => {
  const times = { openMs: 5_000, silenceMs: 100, answerMs: 600 }
  const connection = new Connection({
    openLine: (events) =>
      new SocketLine(
        { url: fixture.servers[0].socketUrl, token: async () => fixture.token, WebSocket, times },
        events,
      ),
  })
  cleanUps.push(() => connection.close())
  const refused: unknown[] = []
  connection.join({
    path: 'events.stream',
    input: () => ({}),
    data: () => undefined,
    refused: (error) => refused.push(error),
  })
  await until(() => connection.getSnapshot().type === 'live', 5_000, 'live')
  const states: string[] = []
  connection.subscribe(() => states.push(connection.getSnapshot().type))
  await sleep(1_200)
  expect(states).toEqual([])
})

test('what was let go and taken up again in one moment has an id of its own: late frames are nobody’s', async () => {
  const sent: { id: number; method: string }[] = []
  class Recording extends WebSocket {
    override send(text: string): void {
      const message = JSON.parse(text) as { id?: number; method: string }
      if (message.id !== undefined) sent.push({ id: message.id, method: message.method })
      super.send(text)
    }
  }
  const url = fixture.servers[0].socketUrl
  const connection = new Connection({
    openLine: (events) =>
      new SocketLine({ url, token: async () => fixture.token, WebSocket: Recording }, events),
  })
  cleanUps.push(() => connection.close())
  let items = 0
  const joined = connection.join({
    path: 'events.stream',
    input: () => ({}),
    data: () => items++,
    refused: (error) => expect(error).toBeNull(),
  })
  await until(() => items === 1, 5_000, 'the first item')
  joined.pause()
  joined.resume()
  await until(() => items === 2, 5_000, 'the second')
  joined.pause()
  await sleep(200)
  joined.resume()
  await until(() => items === 3, 5_000, 'the third')
  const [subscription, stop] = ['subscription', 'subscription.stop']
  expect(sent).toEqual([
    { id: 1, method: subscription },
    { id: 1, method: stop },
    { id: 2, method: subscription },
    { id: 2, method: stop },
    // The one that lets the server write one frame for all of its readers.
    { id: 1, method: subscription },
  ])
  joined.leave()
})

test('when an instance stops, its client is on the other one without a moment offline', async () => {
  const app = await createTestApp({ instances: 2, env: { PORT: '0', OPS_PORT: '0' } })
  const [one, two] = app.instances
  if (!one || !two) throw new Error('two instances were asked for')
  const servers = [await startTestServer(one), await startTestServer(two)] as const
  const proxy = await startLineProxy(servers[0].url)
  const { secret } = await app.people.ben.api.auth.tokens.create({ name: 'a bot' })
  const client = createClient({ url: proxy.url, token: secret })
  try {
    const { states, live, now } = watch(client)
    await live()
    proxy.target = servers[1].url
    await servers[0].http.drain()
    await sleep(300)
    expect(types(states).slice(4)).not.toContain('connecting')
    expect(now().type).toBe('live')
    expect(types(states).slice(4)).not.toContain('offline')
  } finally {
    await client.close()
    await proxy.close()
    for (const server of servers) await server.http.close()
    await app.close()
  }
})
