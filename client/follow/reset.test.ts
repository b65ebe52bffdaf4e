import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { until } from '../../server/testing/log-fixture.ts'
import { createClient, type SkeinClient } from '../create-client.ts'
import { SkeinError } from '../skein-error.ts'
import { openClientFixture, type ClientFixture } from '../testing/client-fixture.ts'
import type { FollowOptions } from './follow.ts'

let fixture: ClientFixture
let client: SkeinClient

beforeAll(async () => {
  fixture = await openClientFixture()
})
afterEach(() => client.close())
afterAll(() => fixture.close())

const elsewhere = {
  cursor: Buffer.from('00000000-0000-4000-8000-000000000000.7').toString('base64url'),
}

/** Follows from a position of another history. */
function follow(onReset: FollowOptions['onReset'], attempts = 5) {
  client = createClient({ url: fixture.proxy.url, token: fixture.token })
  const options = { cursor: elsewhere, onEvents: () => undefined, attempts }
  return client.follow(onReset ? { ...options, onReset } : options)
}

test('an answer to a reset that cannot be had for the moment is asked for again', async () => {
  let calls = 0
  follow(() => {
    if (calls++ === 0) throw new SkeinError('BUSY', 'Too many at once.', { status: 503 })
    return 'now'
  })
  await until(() => client.connection.getSnapshot().type === 'live', 10_000, 'live')
  expect(calls).toBe(2)
})

test('a mistake in onReset ends the follow by name, with its cause', async () => {
  const mistake = new TypeError('x is not a function')
  const following = follow(() => {
    throw mistake
  }, 2)
  await expect(following.done).rejects.toMatchObject({ reason: 'HANDLER_FAILED', cause: mistake })
})

test('an answer that is refused every time is asked for in growing pauses', async () => {
  let calls = 0
  const following = follow(() => {
    calls++
    return elsewhere
  })
  await sleep(2_000)
  await following.stop()
  expect(calls).toBeGreaterThan(1)
  expect(calls).toBeLessThan(8)
  await expect(following.done).resolves.toBeUndefined()
})
