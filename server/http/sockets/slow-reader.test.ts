import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import type { FactItem } from '../../features/events/fact.subscription.ts'
import { until } from '../../testing/log-fixture.ts'
import {
  bytesWaiting,
  closed,
  collect,
  openSocketFixture,
  type SocketFixture,
} from '../../testing/socket-fixture.ts'
import { FactFrames } from './fact-frames.ts'
import { closeCodes, socketLimits } from './limits.ts'

let fixture: SocketFixture
beforeAll(async () => {
  fixture = await openSocketFixture()
})
afterEach(() => fixture.cleanUp())
afterAll(() => fixture.close())

test('a reader that stops reading costs the server little, and has everything when it reads again', async () => {
  const { ada, ben } = fixture.app.people
  const slow = fixture.openRaw(fixture.servers[0], ben)
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
    await Promise.all(Array.from({ length: 20 }, (_, j) => fixture.send(ada, `${i + j} ${long}`)))
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

test('a stream that breaks off says so, and ends the connection: its client comes back with the cursor', async () => {
  const { ada, ben } = fixture.app.people
  const ws = fixture.openRaw(fixture.servers[0], ben)
  const frames = collect(ws)
  await once(ws, 'open')
  ws.send(JSON.stringify({ id: 1, method: 'subscription', params: { path: 'events.stream' } }))
  await until(() => frames.length >= 2, 2_000, 'subscribed')
  vi.spyOn(FactFrames.prototype, 'frame').mockImplementationOnce(() => {
    throw new Error('no room for a frame')
  })
  await fixture.send(ada, 'does not get through')
  expect(await closed(ws)).toBe(closeCodes.tooSlow)
  expect(frames.at(-1)).toMatchObject({ id: 1, error: { data: { reason: 'BUSY' } } })
})

test('who asks for long pages and reads none has a few of them made, and all others when they read again', async () => {
  const { ada } = fixture.app.people
  for (let i = 0; i < 40; i++) await fixture.send(ada, '漢'.repeat(9_900))
  const ws = fixture.openRaw(fixture.servers[0], ada)
  await once(ws, 'open')
  ws.pause()
  const calls = 48
  const input = { threadId: fixture.thread, limit: 40 }
  for (let id = 1; id <= calls; id++) {
    const params = id % 6 === 0 ? { path: 'hints.nothing' } : { path: 'messages.list', input }
    ws.send(JSON.stringify({ id, method: id % 6 === 0 ? 'mutation' : 'query', params }))
    if (id % 8 === 0) await sleep(150)
  }
  await sleep(1_000)
  // A page is 0.6 MB.
  expect(await bytesWaiting(fixture)).toBeGreaterThan(1024 * 1024)
  expect(await bytesWaiting(fixture)).toBeLessThan(14 * 1024 * 1024)
  const frames = collect(ws)
  ws.resume()
  await until(() => frames.length === calls, 15_000, 'all answers')
  expect(frames.filter(({ result }) => result?.type === 'data')).toHaveLength(40)
}, 40_000)

test('of old facts a reader who takes nothing is written a little, however many streams it opened', async () => {
  const { ada } = fixture.app.people
  const ws = fixture.openRaw(fixture.servers[0], ada)
  await once(ws, 'open')
  const { cursor } = await ada.api.events.cursor()
  for (let i = 0; i < 100; i++) await fixture.send(ada, 'z'.repeat(9_900))
  ws.pause()
  for (let id = 1; id <= socketLimits.subscriptions; id++) {
    const params = { path: 'events.stream', input: { cursor } }
    ws.send(JSON.stringify({ id, method: 'subscription', params }))
  }
  await sleep(1_500)
  expect(await bytesWaiting(fixture)).toBeGreaterThan(128 * 1024)
  expect(await bytesWaiting(fixture)).toBeLessThan(2 * 1024 * 1024)
})

test('who opens streams of hints again and again and reads none is not written who is here each time', async () => {
  const { ada } = fixture.app.people
  for (let i = 0; i < 3; i++) await fixture.send(ada, '漢'.repeat(9_900))
  const ws = fixture.openRaw(fixture.servers[0], ada)
  await once(ws, 'open')
  ws.pause()
  const input = { threadId: fixture.thread, limit: 3 }
  for (let id = 1; (await bytesWaiting(fixture)) < 100_000; id++) {
    ws.send(JSON.stringify({ id, method: 'query', params: { path: 'messages.list', input } }))
    await sleep(20)
  }
  await sleep(200)
  const before = await bytesWaiting(fixture)
  const times = 1_000
  for (let done = 0; done < times; done += 50) {
    const ids = Array.from({ length: 50 }, (_, i) => 10_000 + done + i)
    const params = { path: 'hints.stream' }
    ws.send(JSON.stringify(ids.map((id) => ({ id, method: 'subscription', params }))))
    await sleep(30)
    ws.send(JSON.stringify(ids.map((id) => ({ id, method: 'subscription.stop' }))))
  }
  await sleep(100)
  const perStream = ((await bytesWaiting(fixture)) - before) / times
  // That it was opened, and that it is over.
  expect(perStream).toBeGreaterThan(40)
  expect(perStream).toBeLessThan(130)
})

/**
 * Bytes in use after collecting what is not. Buffers of sockets are outside the heap. What was just sent is still on
 * its way through both instances and the test's own clients: that is waited for.
 */
async function memory(): Promise<number> {
  await sleep(1_500)
  setFlagsFromString('--expose-gc')
  ;(runInNewContext('gc') as () => void)()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
