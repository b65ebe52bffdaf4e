/**
 * Typing and presence: hints, straight over the bus, never stored and never on the stream of facts. A lost hint is
 * replaced by the next one; a hint about a thread reaches only who takes part in it.
 */
import type { Kysely } from 'kysely'
import type { Logger } from 'pino'
import { z } from 'zod'
import type { Database } from '../../../db/schema.ts'
import type { Bus } from '../../bus/bus.ts'
import type { Actor } from '../../context.ts'
import type { Hub } from '../../log/hub.ts'
import type { StreamListener } from '../../log/watched-stream.ts'
import { credentialEnded } from '../accounts/credential-ended.ts'
import { HintQueue } from './hint-queue.ts'
import { PresenceBoard } from './presence-board.ts'
import type { Hint } from './presence.schema.ts'

export interface Presence {
  /** Tells the thread's other participants. The caller has proven that the person takes part. */
  type(userId: string, threadId: string): void
  /** Notes a sign of life of one of the person's devices. */
  note(userId: string, active: boolean): void
  /** Hints for this person, beginning with who is here now, until the signal aborts or the session ends. */
  follow(actor: Actor, signal: AbortSignal | undefined): AsyncIterable<Hint>
  close(): void
}

const subject = 'hints.people'
const signal = z.union([
  z.object({ typing: z.object({ userId: z.string(), threadId: z.string() }) }),
  z.object({ seen: z.object({ userId: z.string(), active: z.boolean() }) }),
])
type Signal = z.infer<typeof signal>

/** Hints of one person closer together than this say nothing new. */
const typingEveryMs = 1_000
const expireEveryMs = 5_000

export function createPresence(services: {
  db: Kysely<Database>
  bus: Bus
  hub: Hub
  log: Logger
}): Presence {
  const { db, bus, hub, log } = services
  const board = new PresenceBoard()
  const readers = new Map<HintQueue, { userId: string; threads: Set<string> }>()
  const lastTyping = new Map<string, number>()

  function tell(hint: Hint): void {
    for (const [queue, reader] of readers) {
      if (
        hint.type === 'typing' &&
        (hint.userId === reader.userId || !reader.threads.has(hint.threadId))
      )
        continue
      queue.push(hint)
    }
  }

  function take(heard: Signal): void {
    if ('typing' in heard) {
      tell({ type: 'typing', ...heard.typing })
    } else {
      const { userId, active } = heard.seen
      const state = board.note(userId, active, Date.now())
      if (state) tell({ type: 'presence', userId, state })
    }
  }

  function send(made: Signal): void {
    bus.publish(subject, JSON.stringify(made))
    take(made)
  }

  const stopHearing = bus.subscribe(subject, (data) => {
    try {
      take(signal.parse(JSON.parse(data)))
    } catch (error) {
      log.warn({ err: error }, 'a hint of another instance could not be read')
    }
  })

  const expiry = setInterval(() => {
    const now = Date.now()
    for (const change of board.expire(now)) tell({ type: 'presence', ...change })
    for (const [key, at] of lastTyping) if (now - at > typingEveryMs) lastTyping.delete(key)
  }, expireEveryMs)

  return {
    type(userId, threadId) {
      const key = `${userId} ${threadId}`
      const now = Date.now()
      if (now - (lastTyping.get(key) ?? 0) < typingEveryMs) return
      lastTyping.set(key, now)
      send({ typing: { userId, threadId } })
    },

    note(userId, active) {
      send({ seen: { userId, active } })
    },

    async *follow(actor, abort) {
      const queue = new HintQueue()
      const reader = { userId: actor.id, threads: new Set<string>() }
      const ended = () => queue.end()
      abort?.addEventListener('abort', ended)
      const listener: StreamListener = {
        hear({ event }) {
          if (event.type === 'participation.started') reader.threads.add(event.payload.thread.id)
          else if (event.type === 'participation.ended')
            reader.threads.delete(event.payload.threadId)
          const over = credentialEnded(actor, event)
          if (over) queue.end(over)
        },
      }
      try {
        await hub.watch(actor.id, listener).ready
        const rows = await db
          .selectFrom('participants')
          .select('threadId')
          .where('userId', '=', actor.id)
          .where('leftSeq', 'is', null)
          .execute()
        for (const row of rows) reader.threads.add(row.threadId)
        for (const here of board.list()) queue.push({ type: 'presence', ...here })
        readers.set(queue, reader)
        if (abort?.aborted) return
        yield* queue
      } finally {
        abort?.removeEventListener('abort', ended)
        hub.unwatch(actor.id, listener)
        readers.delete(queue)
      }
    },

    close() {
      clearInterval(expiry)
      stopHearing()
      for (const queue of readers.keys()) queue.end()
    },
  }
}
