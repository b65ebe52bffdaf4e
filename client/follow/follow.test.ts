import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { until } from '../../server/testing/log-fixture.ts'
import { createClient, type ClientOptions, type SkeinClient } from '../create-client.ts'
import { openClientFixture, type ClientFixture } from '../testing/client-fixture.ts'
import type { SkeinEvent } from '../contract.ts'
import type { Position } from './position.ts'

let fixture: ClientFixture
const clients: SkeinClient[] = []

beforeAll(async () => {
  fixture = await openClientFixture()
})
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close()
  fixture.proxy.isDown = false
  fixture.proxy.upgrades = 'pass'
})
afterAll(async () => {
  await fixture.close()
})

function open(options: Partial<ClientOptions> = {}): SkeinClient {
  const client = createClient({ url: fixture.proxy.url, token: fixture.token, ...options })
  clients.push(client)
  return client
}

const textsOf = (events: readonly SkeinEvent[]) =>
  events.flatMap((event) => (event.type === 'message.posted' ? [event.payload.message.text] : []))

const isLive = (client: SkeinClient) => client.connection.getSnapshot().type === 'live'

test.each(['ws', 'sse'] as const)(
  'whoever follows over %s gets what is said, in order, also across a cut line',
  async (transport) => {
    const client = open({ transport })
    const seen: string[] = []
    client.follow({
      cursor: 'now',
      onEvents: (events) => void seen.push(...textsOf(events)),
    })
    await until(() => isLive(client), 5_000, 'live')
    await fixture.say(`${transport} one`)
    await fixture.say(`${transport} two`)
    await until(() => seen.length === 2, 3_000, 'both')
    fixture.proxy.cut()
    await until(() => !isLive(client), 2_000, 'the loss is seen')
    await fixture.say(`${transport} three`)
    client.connection.retryNow()
    await until(() => seen.length === 3, 3_000, 'the third')
    expect(seen).toEqual(['one', 'two', 'three'].map((word) => `${transport} ${word}`))
  },
)

test('the position moves when the handler has finished, and a new client goes on from it', async () => {
  let kept: Position | undefined
  const store = {
    load: async () => kept,
    save: async (position: Position) => {
      kept = position
    },
  }
  const first = open()
  const seen: string[] = []
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  const following = first.follow({
    cursor: store,
    async onEvents(events) {
      seen.push(...textsOf(events))
      if (textsOf(events).includes('slow')) await held
    },
  })
  await until(() => kept !== undefined, 3_000, 'the first position is kept')
  const before = kept
  await fixture.say('slow')
  await until(() => seen.length === 1, 3_000, 'the handler runs')
  expect(kept).toBe(before)
  release()
  await following.stop()
  expect(kept).not.toBe(before)
  await fixture.say('later')
  const again = open()
  again.follow({ cursor: store, onEvents: (events) => void seen.push(...textsOf(events)) })
  await until(() => seen.includes('later'), 3_000, 'what came meanwhile')
  expect(seen).toEqual(['slow', 'later'])
})
