import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { connectNatsBus } from '../../server/bus/nats-bus.ts'
import { createLogger } from '../../server/observe/logger.ts'
import { until } from '../../server/testing/log-fixture.ts'
import { startTestNats } from '../../server/testing/test-nats.ts'
import { createClient } from '../create-client.ts'
import { openClientFixture } from '../testing/client-fixture.ts'

test.each(['ws', 'sse'] as const)(
  'over %s: an instance dies, NATS goes and comes, lines are cut: each message once, in order',
  async (transport) => {
    const nats = await startTestNats()
    const fixture = await openClientFixture({
      bus: () => connectNatsBus(nats.url, createLogger({ LOG_LEVEL: 'silent', NODE_ENV: 'test' })),
    })
    const { proxy, servers, threadId, app } = fixture
    const client = createClient({ url: proxy.url, token: fixture.token, transport })
    const seen: number[] = []
    client.follow({
      cursor: 'now',
      batch: 3,
      async onEvents(events) {
        await sleep(1)
        for (const event of events) if (event.stream === threadId) seen.push(event.seq)
      },
    })
    const state = () => client.connection.getSnapshot().type
    const live = () =>
      until(
        () => {
          client.connection.retryNow()
          return state() === 'live'
        },
        10_000,
        'live',
      )
    try {
      await live()
      const { head } = (await app.people.ben.api.threads.get({ threadId })).thread
      let writing = true
      const sent: number[] = []
      const writers = app.instances.flatMap((instance) =>
        [app.people.ada, app.people.ben].map(async (person) => {
          const { messages } = person.on(instance)
          while (writing) {
            const input = { threadId, clientId: randomUUID(), text: 'goose' }
            sent.push((await messages.send(input)).message.seq)
            await sleep(8)
          }
        }),
      )
      await sleep(300)
      proxy.cut()
      await live()
      await nats.stop()
      await sleep(300)
      // The instance that it is connected to takes nobody any more, and lets go of everybody.
      proxy.target = servers[1].url
      await servers[0].http.close()
      await live()
      await sleep(200)
      await nats.start()
      proxy.cut()
      await live()
      await sleep(300)
      writing = false
      await Promise.all(writers)
      await until(() => seen.length >= sent.length, 10_000, 'all')
      await sleep(100)
      expect(seen).toEqual(Array.from({ length: sent.length }, (_, i) => head + 1 + i))
      expect(new Set(sent).size).toBe(sent.length)
    } finally {
      await client.close()
      await fixture.close()
      await nats.stop()
    }
  },
  60_000,
)
