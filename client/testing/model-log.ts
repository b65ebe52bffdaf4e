import type { SkeinEvent } from '../contract.ts'
import type { Item } from '../follow/position.ts'

/** The viewer's own stream lies between the threads: streams are read in the order of their ids. */
export const me = 'm'
export const threads = ['a', 'b', 'x', 'y'] as const
export type ThreadId = (typeof threads)[number]

interface Place {
  horizon: number
  reading?: { next: number; stream: string; seq: number }
}

/**
 * The server's log and one viewer's readings of it, as server/log/fact-stream.ts does them, without a database: a
 * resume repeats a little, reads stream after stream, in pages whose cursors say how far it came.
 */
export class ModelLog {
  readonly events: SkeinEvent[] = []
  readonly #heads = new Map<string, number>()
  readonly #left = new Map<string, number>()
  readonly #members = new Set<string>(threads)

  /** Numbers of a thread that were never the viewer's to see, and may come or not. */
  readonly absences: { stream: string; after: number; before: number }[] = []

  post(thread: ThreadId, times: number): SkeinEvent[] {
    return Array.from({ length: times }, () => this.#append(thread, 'message.posted', {}))
  }

  /** The viewer goes out of a thread, or in again. */
  toggle(thread: ThreadId): SkeinEvent[] {
    if (this.#members.delete(thread)) {
      const left = this.#append(thread, 'participant.left', { threadId: thread, userId: me })
      this.#left.set(thread, left.seq)
      const payload = { threadId: thread, leftSeq: left.seq }
      return [left, this.#append(me, 'participation.ended', payload)]
    }
    const joined = this.#append(thread, 'participant.joined', {})
    this.absences.push({ stream: thread, after: this.#left.get(thread) ?? 0, before: joined.seq })
    this.#left.delete(thread)
    this.#members.add(thread)
    const payload = { thread: { id: thread }, joinedSeq: joined.seq }
    return [this.#append(me, 'participation.started', payload), joined]
  }

  /** Whether the viewer hears of it while it happens. */
  isHeard({ stream, type }: SkeinEvent): boolean {
    return stream === me || type === 'participant.left' || this.#members.has(stream)
  }

  /** The last seq of a stream that the viewer may see. */
  lastVisible(stream: string): number {
    return this.#left.get(stream) ?? Infinity
  }

  /** A live item. Its own events may lie below its horizon, or even earlier ones beyond it. */
  live(events: readonly SkeinEvent[], lag: number): Item {
    return { cursor: encode({ horizon: this.events.length - lag }), events }
  }

  /** Everything from a cursor on, in items; the last one is empty and says that this is all. */
  read(cursor: string | undefined, pageSize: number): Item[] {
    const end = this.events.length
    if (cursor === undefined) return [{ cursor: encode({ horizon: end }), events: [] }]
    const { horizon, reading } = JSON.parse(cursor) as Place
    const next = reading?.next ?? end
    const items: Item[] = []
    for (const stream of [me, ...threads].sort()) {
      if (reading && stream < reading.stream) continue
      const done = reading?.stream === stream ? reading.seq : 0
      const until = this.lastVisible(stream)
      const missed = this.events
        .slice(Math.max(0, horizon))
        .filter((event) => event.stream === stream && event.seq > done && event.seq <= until)
      for (let at = 0; at < missed.length; at += pageSize) {
        const events = missed.slice(at, at + pageSize)
        const seq = events.at(-1)?.seq ?? 0
        items.push({ cursor: encode({ horizon, reading: { next, stream, seq } }), events })
      }
    }
    const settled = encode({ horizon: next })
    return reading
      ? [...items, ...this.read(settled, pageSize)]
      : [...items, { cursor: settled, events: [] }]
  }

  #append(stream: string, type: string, payload: object): SkeinEvent {
    const seq = (this.#heads.get(stream) ?? 0) + 1
    this.#heads.set(stream, seq)
    const event = { stream, seq, type, payload, version: 1, at: '', actorId: null }
    this.events.push(event as unknown as SkeinEvent)
    return event as unknown as SkeinEvent
  }
}

function encode(place: Place): string {
  return JSON.stringify(place)
}
