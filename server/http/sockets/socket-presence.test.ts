/** Presence as pages have it, over sockets, with the times of a deployment. */
import { once } from 'node:events'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { WebSocket } from 'ws'
import { presenceTimes } from '../../features/presence/presence-times.ts'
import { until } from '../../testing/log-fixture.ts'
import {
  collect,
  openSocketFixture,
  textsOf,
  type SocketFixture,
} from '../../testing/socket-fixture.ts'

let fixture: SocketFixture
beforeAll(async () => {
  fixture = await openSocketFixture()
})
afterEach(() => fixture.cleanUp())
afterAll(() => fixture.close())

test('a page that goes away takes its person offline in a few seconds, on every instance', async () => {
  const { ada, ben } = fixture.app.people
  const states: string[] = []
  fixture.stockClient(fixture.servers[1], ben).hints.stream.subscribe(undefined, {
    onData(hint) {
      if (hint.type !== 'presence') return
      for (const state of ['online', 'away', 'offline'] as const)
        if (hint[state].includes(ada.user.id)) states.push(state)
    },
  })
  const page = fixture.openRaw(fixture.servers[0], ada)
  await once(page, 'open')
  const input = { type: 'presence', state: 'active' }
  page.send(
    JSON.stringify([
      { id: 1, method: 'subscription', params: { path: 'hints.stream' } },
      { id: 2, method: 'mutation', params: { path: 'hints.send', input } },
    ]),
  )
  await until(() => states.length > 0, 5_000, 'online')
  page.terminate()
  const { graceMs, tickMs, retellMs } = presenceTimes
  const took = await until(() => states.length > 1, graceMs + retellMs + 5_000, 'offline')
  expect(took).toBeGreaterThan(graceMs - 2 * tickMs)
  expect(states).toEqual(['online', 'offline'])
}, 40_000)

test('hints beside the facts of a connection take nothing from what those resume by', async () => {
  const { ada, ben } = fixture.app.people
  const connections: WebSocket[] = []
  const client = fixture.stockClient(fixture.servers[0], ben, { connections })
  const hints: unknown[] = []
  client.hints.stream.subscribe(undefined, { onData: (hint) => hints.push(hint) })
  const heard = fixture.follow(client)
  await until(() => heard.items.length > 0 && hints.length > 0, 3_000, 'both')
  await fixture.send(ada, 'before')
  await until(() => textsOf(heard).length === 1, 3_000, 'the first message')
  const { thread } = fixture
  await ada.api.hints.send({ type: 'typing', threadId: thread })
  await until(() => hints.length > 1, 3_000, 'a hint after the last fact')
  connections.at(-1)?.terminate()
  await fixture.send(ada, 'meanwhile')
  await until(() => textsOf(heard).includes('meanwhile'), 5_000, 'what was missed')

  // On the wire: an item of hints has no id that a client would resume by.
  const raw = fixture.openRaw(fixture.servers[0], ben)
  const frames = collect(raw)
  await once(raw, 'open')
  raw.send(JSON.stringify({ id: 1, method: 'subscription', params: { path: 'hints.stream' } }))
  await until(() => frames.length > 1, 3_000, 'the first item')
  expect(frames[1]?.result).toMatchObject({ type: 'data', data: { type: 'presence' } })
  expect(frames[1]?.result).not.toHaveProperty('id')
})
