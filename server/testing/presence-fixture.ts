/** Two instances over a real nats-server, as far as presence is concerned, with times twenty times shorter. */
import { randomUUID } from 'node:crypto'
import type { Bus } from '../bus/bus.ts'
import { connectNatsBus } from '../bus/nats-bus.ts'
import { createPresence, type Presence } from '../features/presence/create-presence.ts'
import { presenceTimes, type PresenceTimes } from '../features/presence/presence-times.ts'
import type { Hint, PresenceState } from '../features/presence/presence.schema.ts'
import type { TestPerson } from './factories.ts'
import { until } from './log-fixture.ts'
import { createTestApp, type TestApp } from './test-app.ts'
import { startTestNats, type TestNats } from './test-nats.ts'

/** Each of the real ones, divided. */
function scaledTimes(divisor: number): PresenceTimes {
  const scaled = { ...presenceTimes }
  for (const name of Object.keys(scaled) as (keyof PresenceTimes)[]) scaled[name] /= divisor
  return scaled
}

export interface PresenceInstance {
  presence: Presence
  bus: Bus
  /** Signals that it published, and their bytes. */
  published: { signals: number; bytes: number }
  /** Leaves without a word, as a process that is killed does. */
  crash: () => Promise<void>
}

export interface PresenceReader {
  hints: Hint[]
  /** Of everyone, as the hints so far say. */
  state: (person: TestPerson) => PresenceState
  /** Every state that was told of somebody, in order. */
  told: (person: TestPerson) => PresenceState[]
  /** The connection ends. */
  stop: () => void
  ended: Promise<Error | null>
}

export interface PresenceFixture {
  app: TestApp
  nats: TestNats
  /** Another instance on the same database; `wrap` may make its bus faulty, `own` are times that it has for itself. */
  start: (wrap?: (bus: Bus) => Bus, own?: Partial<PresenceTimes>) => Promise<PresenceInstance>
  follow: (on: PresenceInstance, person: TestPerson, key?: string) => PresenceReader
  /** Ends what the test started. */
  cleanUp: () => Promise<void>
  close: () => Promise<void>
}

export async function openPresenceFixture(divisor = 20): Promise<PresenceFixture> {
  const nats = await startTestNats()
  const app = await createTestApp()
  const times = scaledTimes(divisor)
  const cleanUps: (() => unknown)[] = []
  const { log } = app.services

  return {
    app,
    nats,

    async start(wrap = (bus) => bus, own = {}) {
      const connection = connectNatsBus(nats.url, log)
      await until(() => connection.connected, 5_000, 'connected')
      const published = { signals: 0, bytes: 0 }
      const bus = wrap({
        get connected() {
          return connection.connected
        },
        publish(subject, data) {
          published.signals++
          published.bytes += data.length
          connection.publish(subject, data)
        },
        subscribe: (subject, handler) => connection.subscribe(subject, handler),
        onLost: (listener) => connection.onLost(listener),
        close: () => connection.close(),
      })
      const presence = createPresence({ ...app.services, bus }, { ...times, ...own })
      let crashed = false
      const crash = async () => {
        crashed = true
        await connection.close()
        presence.close()
      }
      cleanUps.push(async () => {
        if (crashed) return
        presence.close()
        await connection.close()
      })
      return { presence, bus, published, crash }
    },

    follow(on, person, key = randomUUID()) {
      const abort = new AbortController()
      const hints: Hint[] = []
      const states = new Map<string, PresenceState>()
      const told = new Map<string, PresenceState[]>()
      const take = (hint: Hint) => {
        hints.push(hint)
        if (hint.type !== 'presence') return
        if (hint.complete) states.clear()
        for (const state of ['online', 'away', 'offline'] as const)
          for (const id of hint[state]) {
            states.set(id, state)
            told.set(id, [...(told.get(id) ?? []), state])
          }
      }
      const reading = async () => {
        const device = { userId: person.user.id, key, isProbed: true }
        for await (const hint of on.presence.follow(person.actor, device, abort.signal)) take(hint)
        return null
      }
      const ended = reading().catch((error: unknown) =>
        error instanceof Error ? error : new Error(String(error)),
      )
      cleanUps.push(() => abort.abort())
      return {
        hints,
        state: ({ user }) => states.get(user.id) ?? 'offline',
        told: ({ user }) => told.get(user.id) ?? [],
        stop: () => abort.abort(),
        ended,
      }
    },

    async cleanUp() {
      for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
    },

    async close() {
      await app.close()
      await nats.stop()
    },
  }
}
