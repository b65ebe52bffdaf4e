/**
 * Typing and presence: hints, straight over the bus, never stored and never on the stream of facts. A lost hint is
 * replaced by a later one; a hint about a thread reaches only who takes part in it.
 *
 *   devices ──note/open/close──▶ OwnDevices ──▶ PresenceExchange ◀── bus ──▶ other instances
 *                                     └───────────┬────┘
 *                                          PresenceBoard ──▶ one item a tick for every reader
 */
import type { Kysely } from 'kysely'
import type { Logger } from 'pino'
import type { Database } from '../../../db/schema.ts'
import { atRestingBeats } from '../../beat.ts'
import type { Bus } from '../../bus/bus.ts'
import type { Actor } from '../../context.ts'
import type { Hub } from '../../log/hub.ts'
import type { Metrics } from '../../observe/metrics.ts'
import { HintQueue } from './hint-queue.ts'
import { HintReaders } from './hint-readers.ts'
import { OwnDevices, type Device } from './own-devices.ts'
import { PresenceBoard } from './presence-board.ts'
import { PresenceClock } from './presence-clock.ts'
import { createPresenceExchange } from './presence-exchange.ts'
import { presenceTimes } from './presence-times.ts'
import type { Hint, PresenceState } from './presence.schema.ts'
import { TypingPace } from './typing-pace.ts'
import { createThreadFinder } from './create-thread-finder.ts'
import { watchReader } from './watch-reader.ts'

export interface Presence {
  /** Tells the thread's other participants. The caller has proven that the person takes part. */
  type(userId: string, threadId: string): void
  /** Notes a sign of life of one of the person's devices. */
  note(device: Device, active: boolean): void
  /**
   * Hints for this person, beginning with who is here now, until the signal aborts or the session ends. As long as
   * it lasts, the device is there.
   */
  follow(actor: Actor, device: Device, signal: AbortSignal | undefined): AsyncIterable<Hint>
  close(): void
}

export function createPresence(
  services: { db: Kysely<Database>; bus: Bus; hub: Hub; log: Logger; metrics: Metrics },
  times = presenceTimes,
): Presence {
  const { db, bus, hub, log, metrics } = services
  const findThreads = createThreadFinder(db)
  const clock = new PresenceClock(times.restMs)
  const own = new OwnDevices(times)
  const board = new PresenceBoard(times)
  const readers = new HintReaders()
  const pace = new TypingPace()
  const exchange = createPresenceExchange({
    bus,
    log,
    times,
    own,
    now: () => clock.now,
    onChanged: (userIds) => board.touch(userIds),
    stir: () => ticks.stir(),
    onTyping: ({ userId, threadId }) => readers.tellTyping({ type: 'typing', userId, threadId }),
  })

  /** One active device anywhere is enough. */
  function stateOf(userId: string): PresenceState {
    const here = own.stateOf(userId)
    if (here === 'online') return here
    const elsewhere = exchange.others.stateOf(userId)
    return elsewhere === 'offline' ? here : elsewhere
  }

  function tick(): void {
    const now = clock.tick()
    const changes = own.settle(now)
    board.touch(changes.keys())
    exchange.tick(now, changes)
    const hint = board.settle(now, stateOf)
    if (hint) readers.tellPresence(hint)
    pace.forget()
  }

  const ticks = atRestingBeats({ soonMs: times.tickMs, restMs: times.restMs }, tick)
  ticks.stir()
  const stopCounting = metrics.atScrape(() => {
    const { online, away } = board.complete
    metrics.peopleHere.set({ state: 'online' }, online.length)
    metrics.peopleHere.set({ state: 'away' }, away.length)
  })

  return {
    type(userId, threadId) {
      if (!pace.may(userId, threadId)) return
      exchange.type(userId, threadId)
      readers.tellTyping({ type: 'typing', userId, threadId })
    },

    note(device, active) {
      if (own.note(device, active, clock.now)) ticks.stir()
    },

    async *follow(actor, device, abort) {
      const queue = new HintQueue()
      const reader = { userId: actor.id, queue, threads: new Set<string>() }
      const ended = () => queue.end()
      abort?.addEventListener('abort', ended)
      const watching = watchReader({ hub, findThreads }, actor, reader)
      own.open(device)
      ticks.stir()
      try {
        await watching.ready
        queue.push(board.complete)
        readers.add(reader)
        if (abort?.aborted) return
        yield* queue
      } finally {
        abort?.removeEventListener('abort', ended)
        watching.stop()
        readers.remove(reader)
        own.close(device, clock.now)
      }
    },

    close() {
      ticks.stop()
      stopCounting()
      exchange.close()
      readers.end()
    },
  }
}
