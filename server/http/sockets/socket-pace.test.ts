/** With a pace of 4 calls a second: a person's burst is 20 calls, a socket's 10. */
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { WebSocket } from 'ws'
import { addPerson, type TestPerson } from '../../testing/factories.ts'
import { until } from '../../testing/log-fixture.ts'
import {
  closed,
  collect,
  openSocketFixture,
  type SocketFixture,
} from '../../testing/socket-fixture.ts'
import { closeCodes, socketLimits } from './limits.ts'

let fixture: SocketFixture
beforeAll(async () => {
  fixture = await openSocketFixture({ env: { CALLS_PER_SECOND: '4' } })
})
afterEach(() => fixture.cleanUp())
afterAll(() => fixture.close())

const call = (id: number) => ({ id, method: 'query', params: { path: 'auth.me' } })
/** One after the other in frames of forty, so that not too many are under way at once. */
async function callMany(ws: WebSocket, n: number): Promise<ReturnType<typeof collect>> {
  const answers = collect(ws)
  for (let i = 0; i < n; i += 40) {
    const calls = Array.from({ length: Math.min(40, n - i) }, (_, j) => call(i + j))
    ws.send(JSON.stringify(calls))
    await until(() => answers.length >= i + calls.length, 5_000, 'answers')
  }
  return answers
}
async function openFor(person: TestPerson): Promise<WebSocket> {
  const ws = fixture.openRaw(fixture.servers[0], person)
  await once(ws, 'open')
  return ws
}
const refusalsIn = (answers: ReturnType<typeof collect>) =>
  answers.flatMap(({ error }) => (error ? [error.data] : []))

test('calls over one socket beyond its pace are refused one by one, and later ones taken again', async () => {
  const person = await addPerson(fixture.app.services, 'Fast')
  const ws = await openFor(person)
  const refusals = refusalsIn(await callMany(ws, 60))
  expect(refusals.length).toBeGreaterThan(20)
  expect(refusals.length).toBeLessThanOrEqual(50)
  expect(refusals[0]).toMatchObject({ reason: 'RATE_LIMITED', retryAfter: 1 })
  // Another socket of the same person has room.
  expect(refusalsIn(await callMany(await openFor(person), 5))).toEqual([])
  await sleep(1_000)
  expect(refusalsIn(await callMany(ws, 1))).toEqual([])
})

test('all sockets of a person together have one pace, and another person is not touched by it', async () => {
  const person = await addPerson(fixture.app.services, 'Many')
  const sockets = await Promise.all([1, 2, 3, 4].map(() => openFor(person)))
  const answers = await Promise.all(sockets.map((ws) => callMany(ws, 9)))
  const refusals = refusalsIn(answers.flat())
  expect(refusals.length).toBeGreaterThan(3)
  expect(new Set(refusals.map(({ reason }) => reason))).toEqual(new Set(['RATE_LIMITED']))
  const other = await addPerson(fixture.app.services, 'Other')
  expect(refusalsIn(await callMany(await openFor(other), 10))).toEqual([])
})

test('who goes on calling after hundreds of refusals is closed, with a code of its own', async () => {
  const kinds = { call: call(1), stop: { id: 1, method: 'subscription.stop' }, ping: 'PING' }
  for (const [kind, message] of Object.entries(kinds)) {
    const ws = await openFor(await addPerson(fixture.app.services, `Endless ${kind}`, kind))
    const text = typeof message === 'string' ? message : JSON.stringify(message)
    const end = closed(ws)
    const most = 10 + socketLimits.refusals
    for (let i = 0; i < most - 20; i++) ws.send(text)
    await sleep(300)
    expect(ws.readyState).toBe(ws.OPEN)
    for (let i = 0; i < 200; i++) ws.send(text)
    expect(await end).toBe(closeCodes.tooManyCalls)
  }
})

test('over HTTP a person beyond their pace is told so, with the time to wait; a batch counts its calls', async () => {
  const person = await addPerson(fixture.app.services, 'Http')
  const ask = (calls: number) =>
    fetch(
      `${fixture.servers[0].url}/trpc/${Array(calls).fill('auth.me').join()}?batch=1&input={}`,
      {
        headers: { cookie: person.cookieHeader },
      },
    )
  expect((await ask(10)).status).toBe(200)
  for (let i = 0; i < 5; i++) await ask(10)
  // A slow machine may have waited long enough for one more.
  let refused = await ask(1)
  for (let i = 0; i < 20 && refused.status === 200; i++) refused = await ask(1)
  expect(refused.status).toBe(429)
  expect(refused.headers.get('retry-after')).toBe('1')
  expect(await refused.json()).toMatchObject([{ error: { data: { reason: 'RATE_LIMITED' } } }])
  // What anyone may ask without being known is not held back by it.
  expect((await fetch(`${fixture.servers[0].url}/trpc/system.info`)).status).toBe(200)
})
