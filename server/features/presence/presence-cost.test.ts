/**
 * What presence costs with 2,000 people online: two instances over a real nats-server, in one process, real times.
 * Each item is written out for each reader, as the socket does; sockets themselves are not in it.
 *
 * Seen on two busy cores: all 2,000 readers began within 1.3 s; while everyone said every 25 s that they were there and
 * nobody changed, 0.25 signals and 17 bytes a second on the bus; with 4 changes a second, 2 signals and 363 bytes, one
 * item of 257 bytes a second for each reader, and 4 % of a core for both instances together, of which 2.6 % are this
 * test's own. A reader
 * takes 5.6 KiB of heap, with what both instances know of its person.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { Actor } from '../../context.ts'
import { until } from '../../testing/log-fixture.ts'
import {
  openPresenceFixture,
  type PresenceFixture,
  type PresenceInstance,
} from '../../testing/presence-fixture.ts'
import type { Device } from './own-devices.ts'

let fixture: PresenceFixture
beforeAll(async () => {
  fixture = await openPresenceFixture(1)
})
afterEach(() => fixture.cleanUp())
afterAll(() => fixture.close())

const peopleOnline = 2_000
const measuredMs = 4_000
/** A page says every 25 s that it is there. */
const beatsPerSecond = peopleOnline / 25
/** One person in 500 comes, goes or falls idle each second: each of them every eight minutes. */
const changesPerSecond = peopleOnline / 500

interface Page {
  actor: Actor
  on: PresenceInstance
  items: number
  /** Everyone it was told of. */
  known: Set<string>
  /** The latest item, as the socket writes it. */
  written: string
  abort: AbortController
}

async function open(on: PresenceInstance): Promise<Page> {
  const id = randomUUID()
  const via = { type: 'session', sessionId: id } as const
  const page: Page = {
    actor: { id, kind: 'person', role: 'member', via },
    on,
    items: 0,
    known: new Set(),
    written: '',
    abort: new AbortController(),
  }
  const read = async () => {
    for await (const hint of on.presence.follow(page.actor, deviceOf(id), page.abort.signal)) {
      page.items++
      if (hint.type === 'presence') for (const userId of hint.online) page.known.add(userId)
      page.written = JSON.stringify({ id: 1, result: { type: 'data', data: hint } })
    }
  }
  void read()
  on.presence.note(deviceOf(id), true)
  return page
}

const deviceOf = (userId: string): Device => ({ userId, key: userId, isProbed: true })

const say = ({ on, actor }: Page, active: boolean) => on.presence.note(deviceOf(actor.id), active)

test('two thousand people online cost by their changes, not by their signs of life', async () => {
  const [a, b] = [await fixture.start(), await fixture.start()]
  const pages = await Promise.all(
    Array.from({ length: peopleOnline }, (_, i) => open(i % 2 === 0 ? a : b)),
  )
  await until(() => pages.every(({ items }) => items > 0), 15_000, 'all have begun')
  // Everyone began at another moment; only when all were told of all there is nothing left to tell.
  const [onA, onB] = pages
  const knowAll = () => onA?.known.size === peopleOnline && onB?.known.size === peopleOnline
  await until(knowAll, 15_000, 'all were told of all')
  const all = (of: 'signals' | 'bytes') => a.published[of] + b.published[of]

  /** Per second, while everyone says that they are there and so many people change. */
  async function measure(changes: number) {
    const before = pages.map(({ items }) => items)
    const sent = { signals: all('signals'), bytes: all('bytes') }
    const cpu = process.cpuUsage()
    const begun = performance.now()
    let said = 0
    let changed = 0
    while (performance.now() - begun < measuredMs) {
      const seconds = (performance.now() - begun) / 1_000
      for (; said < seconds * beatsPerSecond; said++) {
        const page = pages[said % peopleOnline]
        if (page) say(page, true)
      }
      for (; changed < seconds * changes; changed++) {
        const page = pages[peopleOnline - 1 - changed]
        if (page) say(page, false)
      }
      await sleep(20)
    }
    const seconds = (performance.now() - begun) / 1_000
    const used = process.cpuUsage(cpu)
    return {
      cpuSeconds: (used.user + used.system) / 1_000_000 / seconds,
      signals: (all('signals') - sent.signals) / seconds,
      bytes: (all('bytes') - sent.bytes) / seconds,
      items: Math.max(...pages.map(({ items }, i) => items - (before[i] ?? 0))) / seconds,
    }
  }

  const still = await measure(0)
  const moving = await measure(changesPerSecond)
  // Only signs of life of the two instances.
  expect(still.signals).toBeLessThan(1)
  expect(still.bytes).toBeLessThan(100)
  expect(still.items).toBe(0)
  // One signal a tick and instance, and for each reader one item a tick for all of it.
  expect(moving.signals).toBeLessThan(3)
  expect(moving.bytes).toBeLessThan(1_000)
  expect(moving.items).toBeGreaterThan(0)
  expect(moving.items).toBeLessThan(2.5)
  // Seen: 0.03. The bound is for machines that do much else.
  expect(moving.cpuSeconds).toBeLessThan(0.3)
}, 60_000)
