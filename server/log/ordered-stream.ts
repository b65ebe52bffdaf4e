/**
 * Puts the events of one stream, which may arrive late, twice or out of order, back into their order without holes.
 * Pure but for the two callbacks: `deliver` gets every event once, in order; `missing` is called when something
 * later than the next event is here, so that the caller can read the gap from the log.
 */
import type { CarriedEvent } from './carried-event.ts'

/** Events that may wait for a missing one; beyond it they are read from the log again. */
const maxEarly = 500

export class OrderedStream {
  /** seq of the newest event delivered; null until the head is known, then events only wait. */
  seq: number | null = null
  readonly #early = new Map<number, CarriedEvent>()
  readonly #deliver: (event: CarriedEvent) => void
  readonly #missing: () => void

  constructor(deliver: (event: CarriedEvent) => void, missing: () => void) {
    this.#deliver = deliver
    this.#missing = missing
  }

  /** Delivery starts after this seq. */
  startAfter(seq: number): void {
    if (this.seq !== null) return
    this.seq = seq
    this.#drain()
  }

  /** @returns false when the event had been delivered before. */
  offer(event: CarriedEvent): boolean {
    if (this.seq !== null && event.seq <= this.seq) return false
    if (this.#early.size < maxEarly || event.seq === (this.seq ?? 0) + 1)
      this.#early.set(event.seq, event)
    this.#drain()
    return true
  }

  /** Numbers of the events that wait for one before them. */
  get early(): number[] {
    return [...this.#early.keys()]
  }

  /** Drops waiting events that the log turned out not to lead up to. */
  discard(seqs: readonly number[]): void {
    for (const seq of seqs) this.#early.delete(seq)
  }

  get waiting(): number {
    return this.#early.size
  }

  #drain(): void {
    if (this.seq === null) return
    for (const seq of this.#early.keys()) if (seq <= this.seq) this.#early.delete(seq)
    for (let next = this.#early.get(this.seq + 1); next; next = this.#early.get(this.seq + 1)) {
      this.#early.delete(next.seq)
      this.seq = next.seq
      this.#deliver(next)
    }
    if (this.#early.size > 0) this.#missing()
  }
}
