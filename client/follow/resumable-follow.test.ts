import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { until } from '../../server/testing/log-fixture.ts'
import { createClient, type SkeinClient } from '../create-client.ts'
import type { SkeinError } from '../skein-error.ts'
import { openClientFixture, type ClientFixture } from '../testing/client-fixture.ts'
import type { FollowOptions } from './follow.ts'
import { resumableFollow } from './resumable-follow.ts'

let fixture: ClientFixture
const clients: SkeinClient[] = []

beforeAll(async () => {
  fixture = await openClientFixture()
})
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close()
})
afterAll(() => fixture.close())

function open(): SkeinClient {
  const client = createClient({ url: fixture.proxy.url, token: fixture.token })
  clients.push(client)
  return client
}

/** What is said in the thread goes into `texts`, slowly. */
function listener() {
  const texts: string[] = []
  let handled = 0
  const onEvents: FollowOptions['onEvents'] = async (events) => {
    for (const event of events)
      if (event.type === 'message.posted') texts.push(event.payload.message.text)
    await new Promise((resolve) => setTimeout(resolve, 50))
    handled = texts.length
  }
  return { texts, onEvents, handled: () => handled }
}

test('a follow that is begun again goes on where it was, while its last handler is still at work, too', async () => {
  const client = open()
  const { cursor } = await client.api.events.cursor.query()
  const { texts, onEvents } = listener()
  const begin = resumableFollow({ cursor: { cursor }, onEvents })
  const stop = begin(client, () => undefined)
  await fixture.say('one')
  await until(() => texts.length === 1, 5_000, 'one')
  stop()
  begin(client, () => undefined)()
  begin(client, () => undefined)
  await fixture.say('two')
  await until(() => texts.includes('two'), 5_000, 'two')
  expect(texts).toEqual(['one', 'two'])
})

test('what began at this moment has no gap where it is begun again; with another client it begins as it did first', async () => {
  const client = open()
  const { texts, onEvents, handled } = listener()
  const begin = resumableFollow({ cursor: 'now', onEvents })
  const stop = begin(client, () => undefined)
  await until(() => client.connection.getSnapshot().type === 'live', 5_000, 'live')
  await fixture.say('three')
  await until(() => handled() === 1, 5_000, 'three')
  stop()
  await fixture.say('meanwhile')
  const stopAgain = begin(client, () => undefined)
  await until(() => texts.includes('meanwhile'), 5_000, 'what was said meanwhile')
  stopAgain()
  await fixture.say('between two clients')
  const other = open()
  begin(other, () => undefined)
  await until(() => other.connection.getSnapshot().type === 'live', 5_000, 'live')
  await fixture.say('four')
  await until(() => texts.includes('four'), 5_000, 'four')
  expect(texts).toEqual(['three', 'meanwhile', 'four'])
})

test('why it ended is told, until it is begun again; of one that was ended nothing is told', async () => {
  const told: (SkeinError | null)[] = []
  const begin = resumableFollow({ cursor: { cursor: 'nonsense' }, onEvents: () => undefined })
  const stop = begin(open(), (error) => told.push(error))
  await until(() => told.length === 2, 5_000, 'the end')
  expect(told).toMatchObject([null, { reason: 'CURSOR_UNKNOWN' }])
  stop()
  const again = begin(open(), (error) => told.push(error))
  expect(told[2]).toBeNull()
  again()
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(told).toHaveLength(3)

  const saving = Promise.withResolvers<undefined>()
  let isSaving = false
  const store = {
    load: async () => undefined,
    async save() {
      isSaving = true
      await saving.promise
    },
  }
  const later: unknown[] = []
  const beginWith = resumableFollow({ cursor: store, onEvents: () => undefined, attempts: 1 })
  const end = beginWith(open(), (error) => later.push(error))
  await until(() => isSaving, 5_000, 'the first position')
  end()
  saving.reject(new Error('the disk is away'))
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(later).toEqual([null])
})
