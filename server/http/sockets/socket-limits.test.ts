import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { WebSocket } from 'ws'
import { addPerson } from '../../testing/factories.ts'
import { until } from '../../testing/log-fixture.ts'
import {
  closed,
  collect,
  openSocketFixture,
  type Frame,
  type SocketFixture,
} from '../../testing/socket-fixture.ts'
import { closeCodes, socketLimits } from './limits.ts'

let fixture: SocketFixture
beforeAll(async () => {
  fixture = await openSocketFixture()
})
afterEach(() => fixture.cleanUp())
afterAll(() => fixture.close())

test('a socket that does not show who it is within five seconds is closed', async () => {
  const started = Date.now()
  const silent = fixture.openRaw(fixture.servers[0], null)
  const waiting = fixture.openRaw(fixture.servers[0], null, '?connectionParams=1')
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
    const ws = fixture.openRaw(fixture.servers[0], fixture.app.people.ada)
    const frames = collect(ws)
    await once(ws, 'open')
    ws.send(nonsense)
    expect(await closed(ws)).toBe(closeCodes.badFrame)
    expect(frames[0]?.error?.data).toMatchObject({ code: 'PARSE_ERROR', reason: 'INPUT_INVALID' })
  }
  const binary = fixture.openRaw(fixture.servers[0], fixture.app.people.ada)
  await once(binary, 'open')
  binary.send(Buffer.from([1, 2, 3]))
  expect(await closed(binary)).toBe(closeCodes.badFrame)
})

test('a frame beyond the largest is refused, one with the longest message is taken', async () => {
  const ws = fixture.openRaw(fixture.servers[0], fixture.app.people.ada)
  const frames = collect(ws)
  await once(ws, 'open')
  const longest = '𝕬'.repeat(5_000)
  const input = { threadId: fixture.thread, clientId: randomUUID(), text: longest }
  ws.send(JSON.stringify({ id: 1, method: 'mutation', params: { path: 'messages.send', input } }))
  await until(() => frames.length > 0, 2_000, 'the answer')
  expect(frames[0]?.result?.data).toMatchObject({ message: { text: longest } })
  ws.send('x'.repeat(socketLimits.frameBytes + 1))
  expect(await closed(ws)).toBe(closeCodes.tooLarge)
})

test('a stock client may send many of the longest messages in one moment', async () => {
  const { ada } = fixture.app.people
  const connections: WebSocket[] = []
  const client = fixture.stockClient(fixture.servers[0], ada, { connections })
  await client.auth.me.query()
  const text = '漢'.repeat(10_000)
  const answers = await Promise.all(
    Array.from({ length: 20 }, () =>
      client.messages.send.mutate({ threadId: fixture.thread, clientId: randomUUID(), text }),
    ),
  )
  expect(answers.every(({ message }) => message.text === text)).toBe(true)
  expect(connections).toHaveLength(1)
})

test('a call larger than any may be is refused by name, and the others of its frame are answered', async () => {
  const ws = fixture.openRaw(fixture.servers[0], fixture.app.people.ada)
  const frames = collect(ws)
  await once(ws, 'open')
  const input = { threadId: fixture.thread, text: 'x'.repeat(socketLimits.callBytes) }
  ws.send(
    JSON.stringify([
      { id: 1, method: 'mutation', params: { path: 'messages.send', input } },
      { id: 2, method: 'query', params: { path: 'auth.me' } },
    ]),
  )
  await until(() => frames.length === 2, 2_000, 'both answers')
  expect(frames.find(({ id }) => id === 1)?.error?.data.reason).toBe('PAYLOAD_TOO_LARGE')
  expect(frames.find(({ id }) => id === 2)?.result?.type).toBe('data')
})

test('at most fifty calls of one socket are under way at once; more are refused, not cut', async () => {
  const ws = fixture.openRaw(fixture.servers[0], fixture.app.people.ada)
  const frames = collect(ws)
  await once(ws, 'open')
  const n = 2 * socketLimits.callsAtOnce
  const calls = Array.from({ length: n }, (_, id) => ({
    id,
    method: 'query',
    params: { path: 'threads.list' },
  }))
  ws.send(JSON.stringify(calls))
  await until(() => frames.length === n, 10_000, 'all answers')
  const refused = frames.filter(({ error }) => error?.data.reason === 'RATE_LIMITED')
  expect(refused).toHaveLength(n - socketLimits.callsAtOnce)
  expect(ws.readyState).toBe(ws.OPEN)
})

test('a frame of more messages than any needs is refused', async () => {
  const ws = fixture.openRaw(fixture.servers[0], fixture.app.people.ada)
  await once(ws, 'open')
  const stop = { id: 1, method: 'subscription.stop' }
  ws.send(JSON.stringify(Array(socketLimits.messagesPerFrame).fill(stop)))
  await sleep(200)
  expect(ws.readyState).toBe(ws.OPEN)
  ws.send(JSON.stringify(Array(socketLimits.messagesPerFrame + 1).fill(stop)))
  expect(await closed(ws)).toBe(closeCodes.badFrame)
})

test('a socket carries at most fifty subscriptions; one more is refused by name and the others go on', async () => {
  const ws = fixture.openRaw(fixture.servers[0], fixture.app.people.ada)
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

test('one person has at most twenty sockets on an instance', async () => {
  const fay = await addPerson(fixture.app.services, 'Fay')
  const sockets = Array.from({ length: socketLimits.socketsPerPerson }, () =>
    fixture.openRaw(fixture.servers[0], fay),
  )
  await Promise.all(sockets.map((ws) => once(ws, 'open')))
  await sleep(200)
  expect(await closed(fixture.openRaw(fixture.servers[0], fay))).toBe(closeCodes.tooManySockets)
  expect(sockets.every((ws) => ws.readyState === ws.OPEN)).toBe(true)
  // Others are not touched by it, and room comes back.
  sockets[0]?.close()
  await sleep(100)
  const again = fixture.openRaw(fixture.servers[0], fay)
  await once(again, 'open')
  await sleep(100)
  expect(again.readyState).toBe(again.OPEN)
})

const started = (frames: Frame[]) =>
  frames.filter(({ result }) => result?.type === 'started').length
