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
  /** Made when needed: most events come in their order. */
  #early: Map<number, CarriedEvent> | null = null
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

  /** Forgets what was: this is where the stream is now. */
  startAnew(seq: number): void {
    this.seq = seq
    this.#early = null
  }

  /** @returns false when the event had been delivered before. */
  offer(event: CarriedEvent): boolean {
    if (this.seq !== null && event.seq <= this.seq) return false
    if (this.#early === null && this.seq !== null && event.seq === this.seq + 1) {
      this.seq = event.seq
      this.#deliver(event)
      return true
    }
    this.#early ??= new Map()
    if (this.#early.size < maxEarly || event.seq === (this.seq ?? 0) + 1)
      this.#early.set(event.seq, event)
    this.#drain()
    return true
  }

  /** Numbers of the events that wait for one before them. */
  get early(): number[] {
    return [...(this.#early?.keys() ?? [])]
  }

  /** Drops waiting events that the log turned out not to lead up to. */
  discard(seqs: readonly number[]): void {
    for (const seq of seqs) this.#early?.delete(seq)
    if (this.#early?.size === 0) this.#early = null
  }

  get waiting(): number {
    return this.#early?.size ?? 0
  }

  #drain(): void {
    const early = this.#early
    if (this.seq === null || early === null) return
    for (const seq of early.keys()) if (seq <= this.seq) early.delete(seq)
    for (let next = early.get(this.seq + 1); next; next = early.get(this.seq + 1)) {
      early.delete(next.seq)
      this.seq = next.seq
      this.#deliver(next)
    }
    if (early.size > 0) this.#missing()
    else this.#early = null
  }
}
