/** What one subscriber saw of one sender, whose messages are numbered from 0 without a gap. */
export class OrderCheck {
  /** Deliveries of a message after a later one of the same sender. */
  outOfOrder = 0
  /** Deliveries of a message that was there already. */
  doubled = 0
  #next: number
  #skipped: Set<number> | null = null

  /** @param first the number that comes first. */
  constructor(first = 0) {
    this.#next = first
  }

  /** @returns whether it was new. */
  take(number: number): boolean {
    if (number === this.#next) {
      this.#next++
      return true
    }
    if (number > this.#next) {
      this.#skipped ??= new Set()
      for (let skipped = this.#next; skipped < number; skipped++) this.#skipped.add(skipped)
      this.#next = number + 1
      return true
    }
    if (this.#skipped?.delete(number)) {
      this.outOfOrder++
      return true
    }
    this.doubled++
    return false
  }

  /** How many are missing when `sent` numbers were given out. */
  lost(sent: number): number {
    return sent - this.#next + (this.#skipped?.size ?? 0)
  }
}
