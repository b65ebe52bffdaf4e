import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { until } from '../../server/testing/log-fixture.ts'
import { createClient, type SkeinClient } from '../create-client.ts'
import { openClientFixture, type ClientFixture } from '../testing/client-fixture.ts'

let fixture: ClientFixture
let client: SkeinClient

beforeAll(async () => {
  fixture = await openClientFixture()
})
afterEach(() => client.close())
afterAll(() => fixture.close())

test.each(['ws', 'sse'] as const)(
  'over %s a mistake in onData is the program’s own: it is uncaught, and the line stays',
  async (transport) => {
    client = createClient({ url: fixture.proxy.url, token: fixture.token, transport })
    const uncaught: unknown[] = []
    const before = process.listeners('uncaughtException')
    process.removeAllListeners('uncaughtException')
    process.on('uncaughtException', (error) => uncaught.push(error))
    const mistake = new TypeError('x is not a function')
    const errors: unknown[] = []
    let items = 0
    try {
      client.api.events.stream.subscribe(
        {},
        {
          onData() {
            if (items++ === 0) throw mistake
          },
          onError: (error) => errors.push(error),
        },
      )
      await until(() => items === 1, 5_000, 'the first item')
      await fixture.say('said after the mistake')
      await until(() => items === 2, 5_000, 'the second')
    } finally {
      process.removeAllListeners('uncaughtException')
      for (const listener of before) process.on('uncaughtException', listener)
    }
    expect(uncaught).toEqual([mistake])
    expect(errors).toEqual([])
    expect(client.connection.getSnapshot().type).toBe('live')
  },
)
