import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import type { FactItem } from '../../features/events/fact.subscription.ts'
import { until } from '../../testing/log-fixture.ts'
import {
  closed,
  collect,
  openSocketFixture,
  type SocketFixture,
} from '../../testing/socket-fixture.ts'
import { FactFrames } from './fact-frames.ts'
import { closeCodes } from './limits.ts'

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
