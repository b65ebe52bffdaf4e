import type { CarriedEvent } from '../../log/carried-event.ts'
import { encodeTextFrame } from './encode-text-frame.ts'
import { factMessage, type RequestId } from './wire.ts'

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

  frame(id: RequestId, cursor: string, events: readonly CarriedEvent[]): Buffer {
    const [first] = events
    if (!first) return make(id, cursor, events)
    const shared = this.#made.get(first)
    const known = shared?.find(
      (made) => made.id === id && made.cursor === cursor && isSame(made.events, events),
    )
    if (known) return known.frame
    if (this.#made.size === 0) setImmediate(() => this.#made.clear())
    const frame = make(id, cursor, events)
    const made = { id, cursor, events, frame }
    if (shared) shared.push(made)
    else this.#made.set(first, [made])
    return frame
  }
}

function make(id: RequestId, cursor: string, events: readonly CarriedEvent[]): Buffer {
  const texts = events.map(({ json }) => json)
  return encodeTextFrame(factMessage(id, cursor, texts))
}

function isSame(a: readonly CarriedEvent[], b: readonly CarriedEvent[]): boolean {
  return a.length === b.length && a.every((event, i) => event === b[i])
}
