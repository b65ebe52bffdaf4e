import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { until } from '../../server/testing/log-fixture.ts'
import { createClient, type SkeinClient } from '../create-client.ts'
import { openClientFixture, type ClientFixture } from '../testing/client-fixture.ts'
import type { PositionStore } from './follow.ts'
import type { Position } from './position.ts'

let fixture: ClientFixture
let client: SkeinClient

beforeAll(async () => {
  fixture = await openClientFixture()
  client = createClient({ url: fixture.proxy.url, token: fixture.token })
})
afterEach(async () => {
  await client.close()
  client = createClient({ url: fixture.proxy.url, token: fixture.token })
})
afterAll(() => fixture.close())

const live = () => until(() => client.connection.getSnapshot().type === 'live', 10_000, 'live')
const onEvents = () => undefined

/** One follower at a time may have it. */
function lockedStore(load: () => Promise<Position | undefined>): PositionStore & { held: number } {
  return {
    held: 0,
    load,
    save: async () => undefined,
    async lock() {
      if (this.held > 0) throw new Error('somebody else follows')
      this.held++
      return () => this.held--
    },
  }
}

test('a store that could not be loaded is let go: the next follow with it goes live', async () => {
  const problem = new Error('the disk is away')
  const answers = [Promise.reject(problem), Promise.resolve(undefined)]
  const store = lockedStore(async () => answers.shift())
  const { done } = client.follow({ cursor: store, onEvents })
  await expect(done).rejects.toMatchObject({ reason: 'STORE_FAILED', cause: problem })
  expect(store.held).toBe(0)
  client.follow({ cursor: store, onEvents })
  await live()
  expect(store.held).toBe(1)
})

test('a store is let go when its loading fails after the stop, which it did not ask for', async () => {
  const loading = Promise.withResolvers<undefined>()
  const store = lockedStore(() => loading.promise)
  const following = client.follow({ cursor: store, onEvents })
  await until(() => store.held === 1, 1_000, 'the lock')
  const stopped = following.stop()
  loading.reject(new Error('too late'))
  await stopped
  await expect(following.done).resolves.toBeUndefined()
  expect(store.held).toBe(0)
})

test('what a store kept is a position, or the follow ends by name and nothing is written over it', async () => {
  const kept = [
    { a: 1 },
    { cursor: 7 },
    { cursor: 'c', heads: [] },
    { cursor: 'c', away: 'b' },
    'c',
    '',
  ]
  for (const value of kept) {
    let saves = 0
    const store = { load: async () => value as unknown as Position, save: async () => void saves++ }
    const following = client.follow({ cursor: store, onEvents })
    const ended = Promise.race([following.done, live().then(() => following.stop())])
    await expect(ended, JSON.stringify(value)).rejects.toMatchObject({ reason: 'STORE_FAILED' })
    expect(saves).toBe(0)
  }
})

test.each([
  [1, 'is kept after all'],
  [Infinity, 'cannot be kept, and the end says so'],
])('after the stop, a position whose first saves (%d) fail %s', async (failures) => {
  let kept: Position | undefined
  let left = 0
  const following = client.follow({
    cursor: {
      load: async () => kept,
      async save(position) {
        if (left-- > 0) throw new Error('the disk is busy')
        kept = position
      },
    },
    attempts: 3,
    onEvents() {
      left = failures
      void following.stop()
    },
  })
  const ended = following.done.catch((error: unknown) => error)
  await live()
  const before = kept
  await fixture.say('the last one')
  if (failures === 1) {
    expect(await ended).toBeUndefined()
    expect(kept?.heads).toHaveProperty(fixture.threadId)
    expect(following.position).toBe(kept)
  } else {
    expect(await ended).toMatchObject({ reason: 'STORE_FAILED' })
    expect(kept).toBe(before)
  }
})

test('a stop does not wait out the long pauses between the attempts to keep', async () => {
  let saves = 0
  const following = client.follow({
    cursor: {
      load: async () => undefined,
      async save() {
        saves++
        throw new Error('the disk is full')
      },
    },
    attempts: 12,
    onEvents,
  })
  const ended = following.done.catch((error: unknown) => error)
  vi.spyOn(Math, 'random').mockReturnValue(0.9)
  await until(() => saves === 2, 5_000, 'the second attempt')
  vi.mocked(Math.random).mockReturnValue(0.1)
  const before = Date.now()
  await following.stop()
  expect(Date.now() - before).toBeLessThan(1_500)
  expect(await ended).toMatchObject({ reason: 'STORE_FAILED' })
  expect(saves).toBe(12)
})
