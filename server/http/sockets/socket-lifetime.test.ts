import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { addPerson } from '../../testing/factories.ts'
import { until } from '../../testing/log-fixture.ts'
import {
  bytesWaiting,
  closed,
  collect,
  openSocketFixture,
  type Frame,
  type SocketFixture,
} from '../../testing/socket-fixture.ts'
import { createTestApp } from '../../testing/test-app.ts'
import { startTestServer } from '../../testing/test-server.ts'
import { closeCodes } from './limits.ts'

let fixture: SocketFixture
beforeAll(async () => {
  fixture = await openSocketFixture()
})
afterEach(() => fixture.cleanUp())
afterAll(() => fixture.close())

test('signing out, or having the session revoked, closes open sockets on every instance within two seconds', async () => {
  const dana = await addPerson(fixture.app.services, 'Dana')
  const sockets = fixture.servers.map((server) => fixture.openRaw(server, dana))
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
  const eve = await addPerson(fixture.app.services, 'Eve')
  const client = fixture.stockClient(fixture.servers[1], eve)
  const may = () =>
    client.server.invitations.list.query().then(
      () => true,
      () => false,
    )
  expect(await may()).toBe(false)
  await fixture.app.people.ada.api.people.setRole({ personId: eve.user.id, role: 'admin' })
  await sleep(300)
  expect(await may()).toBe(true)
  await fixture.app.people.ada.api.people.setRole({ personId: eve.user.id, role: 'member' })
  await sleep(300)
  expect(await may()).toBe(false)
})

/** Whoever is there answers within this, also on a machine that is busy. */
const lively = { pingMs: 1_000, pongMs: 500, recheckMs: 60_000 }

test('a peer that gives no sign of life is cut, one that answers stays', async () => {
  const { server } = await fixture.standAlone(lively)
  const alive = fixture.openRaw(server, fixture.app.people.cleo)
  const dead = new WebSocket(server.socketUrl, {
    autoPong: false,
    headers: { cookie: fixture.app.people.cleo.cookieHeader },
  })
  await Promise.all([once(alive, 'open'), once(dead, 'open')])
  expect(await closed(dead)).toBe(1006)
  await sleep(1_700)
  expect(alive.readyState).toBe(alive.OPEN)
})

test('a peer that says something is alive, though its pong does not come', async () => {
  const { server } = await fixture.standAlone(lively)
  const slow = new WebSocket(server.socketUrl, {
    autoPong: false,
    headers: { cookie: fixture.app.people.cleo.cookieHeader },
  })
  await once(slow, 'open')
  const signs = setInterval(() => slow.send('PING'), 40)
  await sleep(2_700)
  expect(slow.readyState).toBe(slow.OPEN)
  clearInterval(signs)
  expect(await closed(slow)).toBe(1006)
})

test('a session whose time is over ends its open sockets, though nobody announces it', async () => {
  const gil = await addPerson(fixture.app.services, 'Gil')
  const { server } = await fixture.standAlone({ pingMs: 60_000, pongMs: 5_000, recheckMs: 200 })
  const ws = fixture.openRaw(server, gil)
  const other = fixture.openRaw(server, fixture.app.people.cleo)
  await Promise.all([once(ws, 'open'), once(other, 'open')])
  await sleep(300)
  expect(ws.readyState).toBe(ws.OPEN)
  await fixture.app.services.db
    .updateTable('sessions')
    .set({ endsAt: new Date(Date.now() - 1_000) })
    .where('userId', '=', gil.user.id)
    .execute()
  expect(await closed(ws)).toBe(closeCodes.sessionEnded)
  expect(other.readyState).toBe(other.OPEN)
})

test.each([
  ['is written at once', 0],
  ['waits behind what the peer does not read', 1],
])('nothing follows a goodbye that %s', { timeout: 30_000 }, async (_how, least) => {
  const { ada, ben } = fixture.app.people
  const ws = fixture.openRaw(fixture.servers[0], ben)
  const frames = collect(ws)
  const upgraded = once(ws, 'upgrade') as Promise<[IncomingMessage]>
  await once(ws, 'open')
  const [{ socket: connection }] = await upgraded
  ws.send(JSON.stringify({ id: 1, method: 'subscription', params: { path: 'events.stream' } }))
  await until(() => frames.length >= 2, 3_000, 'subscribed')
  // From here on as bytes: the client of the ws package takes no frame after a goodbye.
  connection.removeAllListeners('data')
  const bytes: Buffer[] = []
  connection.on('data', (chunk: Buffer) => bytes.push(chunk)).pause()
  const long = '漢'.repeat(9_900)
  while ((await bytesWaiting(fixture)) < least) await fixture.send(ada, long)
  connection.write(Buffer.from([0x88, 0x80, 0, 0, 0, 0]))
  await sleep(200)
  await fixture.send(ada, 'said after the goodbye')
  await sleep(200)
  connection.resume()
  await once(connection, 'end')
  const kinds = [...opcodes(Buffer.concat(bytes))]
  expect(kinds).toContain(8)
  expect(kinds.indexOf(8)).toBe(kinds.length - 1)
})

/** What kind each frame is that a server sent. */
function* opcodes(bytes: Buffer): Iterable<number> {
  for (let at = 0; at < bytes.length;) {
    const short = (bytes[at + 1] ?? 0) & 127
    const [header, length] =
      short === 127
        ? [10, Number(bytes.readBigUInt64BE(at + 2))]
        : short === 126
          ? [4, bytes.readUInt16BE(at + 2)]
          : [2, short]
    yield (bytes[at] ?? 0) & 15
    at += header + length
  }
}

test('an instance that stops tells its clients to reconnect, one after the other, and takes no new ones', async () => {
  const { sockets, server } = await fixture.standAlone()
  const told: number[] = []
  const clients = Array.from({ length: 10 }, () => fixture.openRaw(server, fixture.app.people.cleo))
  for (const ws of clients)
    ws.on('message', (data) => {
      const frame = JSON.parse((data as Buffer).toString()) as Frame
      if (frame.method === 'reconnect') told.push(Date.now())
    })
  await Promise.all(clients.map((ws) => once(ws, 'open')))
  const ends = clients.map(closed)
  const drained = sockets.drain(1_000)
  const late = fixture.openRaw(server, fixture.app.people.cleo)
  await once(late, 'error')
  await drained
  expect(told).toHaveLength(10)
  expect(Math.max(...told) - Math.min(...told)).toBeGreaterThan(700)
  expect(new Set(await Promise.all(ends))).toEqual(new Set([closeCodes.goingAway]))
})

test('an instance that stops ends its event streams one after the other, too', async () => {
  const other = await createTestApp({ env: { PORT: '0', OPS_PORT: '0' } })
  const server = await startTestServer(other.services, undefined, 1_000)
  fixture.later(async () => {
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
