import type { CarriedEvent } from './carried-event.ts'

/** What one stream keeps at the most. */
const mostEvents = 100
const mostBytes = 64 * 1024
/** So many are left when there were too many: one dropped for each that comes would move all others each time. */
const leftEvents = 75

/** Memory that all streams of an instance may use together for their newest events. */
export interface RecentBudget {
  /** Bytes that are left. */
  left: number
}

/** The newest events of a stream, without holes, so that who comes back after a short while needs no database. */
export class RecentEvents {
  readonly #budget: RecentBudget
  #events: CarriedEvent[] | null = null
  #bytes = 0

  constructor(budget: RecentBudget) {
    this.#budget = budget
  }

  /** The next event of the stream. */
  add(event: CarriedEvent): void {
    const size = event.json.length
    if (size > mostBytes || size > this.#budget.left) return this.clear()
    this.#events ??= []
    this.#events.push(event)
    this.#take(size)
    if (this.#events.length > mostEvents || this.#bytes > mostBytes) this.#dropOldest(this.#events)
  }

  /** All that came after this seq; null when that is not kept in full. */
  after(seq: number): CarriedEvent[] | null {
    const first = this.#events?.[0]
    if (!this.#events || !first || first.seq > seq + 1) return null
    return this.#events.slice(seq + 1 - first.seq)
  }

  clear(): void {
    this.#take(-this.#bytes)
    this.#events = null
  }

  #dropOldest(events: readonly CarriedEvent[]): void {
    let left = events.length
    for (const { json } of events) {
      if (left <= leftEvents && this.#bytes <= mostBytes) break
      this.#take(-json.length)
      left--
    }
    this.#events = left > 0 ? events.slice(-left) : null
  }

  #take(bytes: number): void {
    this.#bytes += bytes
    this.#budget.left -= bytes
  }
}
