import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { until } from '../../testing/log-fixture.ts'
import { collect, openSocketFixture, type SocketFixture } from '../../testing/socket-fixture.ts'

let fixture: SocketFixture
beforeAll(async () => {
  fixture = await openSocketFixture()
})
afterEach(() => fixture.cleanUp())
afterAll(() => fixture.close())

test('a second subscription under the same id is refused, and the first goes on', async () => {
  const { ada, ben } = fixture.app.people
  const ws = fixture.openRaw(fixture.servers[0], ben)
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
  await fixture.send(ada, 'to the first of the two')
  const heard = () =>
    JSON.stringify(frames.map(({ result }) => result?.data)).includes('to the first of the two')
  await until(heard, 2_000, 'the message')
  ws.send(JSON.stringify({ id: 7, method: 'subscription.stop' }))
  await until(() => frames.at(-1)?.result?.type === 'stopped', 2_000, 'stopped')
  const before = frames.length
  await fixture.send(ada, 'to nobody')
  await sleep(100)
  expect(frames).toHaveLength(before)
})

test('a subscription that is stopped before it was opened never opens', async () => {
  const ws = fixture.openRaw(fixture.servers[0], fixture.app.people.ben)
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
  await fixture.send(fixture.app.people.ada, 'unheard')
  await sleep(150)
  expect(frames).toHaveLength(1)
})
