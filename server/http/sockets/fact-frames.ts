import type { CarriedEvent } from '../../log/carried-event.ts'
import { encodeTextFrame } from './encode-text-frame.ts'
import { afterFacts, beforeFacts, type RequestId } from './wire.ts'

interface SharedFrame {
  id: RequestId
  cursor: string
  events: readonly CarriedEvent[]
  frame: Buffer
}

/**
 * The frames of this turn of the event loop. Sockets that get the same events under the same request id share one:
 * an event for a thousand readers is serialised and framed once, not a thousand times.
 */
export class FactFrames {
  /** By the first event. */
  readonly #made = new Map<CarriedEvent, SharedFrame[]>()
  /** Of the socket before: most often it is the one. */
  #last: SharedFrame | null = null
  /** How it begins is the same for most of them. */
  #beginning = { id: '' as RequestId, cursor: '', text: '' }

  frame(id: RequestId, cursor: string, events: readonly CarriedEvent[]): Buffer {
    if (this.#last && isFor(this.#last, id, cursor, events)) return this.#last.frame
    const [first] = events
    if (!first) return this.#make(id, cursor, events)
    const shared = this.#made.get(first)
    for (const made of shared ?? []) if (isFor(made, id, cursor, events)) return made.frame
    if (this.#made.size === 0) setImmediate(() => this.#forget())
    const frame = this.#make(id, cursor, events)
    const made = { id, cursor, events, frame }
    this.#last = made
    if (shared) shared.push(made)
    else this.#made.set(first, [made])
    return frame
  }

  #make(id: RequestId, cursor: string, events: readonly CarriedEvent[]): Buffer {
    if (this.#beginning.id !== id || this.#beginning.cursor !== cursor)
      this.#beginning = { id, cursor, text: beforeFacts(id, cursor) }
    const parts = [this.#beginning.text]
    for (const [place, { json }] of events.entries()) {
      if (place > 0) parts.push(',')
      parts.push(json)
    }
    parts.push(afterFacts)
    return encodeTextFrame(parts)
  }

  #forget(): void {
    this.#made.clear()
    this.#last = null
  }
}

function isFor(
  made: SharedFrame,
  id: RequestId,
  cursor: string,
  events: readonly CarriedEvent[],
): boolean {
  return made.id === id && made.cursor === cursor && isSame(made.events, events)
}

function isSame(a: readonly CarriedEvent[], b: readonly CarriedEvent[]): boolean {
  return a === b || (a.length === b.length && a.every((event, i) => event === b[i]))
}
