/** The age at which a cursor becomes the one to go back to, milliseconds. */
const keepMs = 30_000

interface Mark {
  cursor: string
  at: number
}

/** Where to resume: the newest cursor, or one of at least half a minute before. */
export class Rewind {
  readonly #now: () => number
  #newest: string | undefined
  #older: Mark | undefined
  #next: Mark | undefined

  constructor(cursor: string | undefined, now: () => number = Date.now) {
    this.#now = now
    this.#newest = cursor
    if (cursor !== undefined) this.#older = { cursor, at: now() }
  }

  get cursor(): string | undefined {
    return this.#newest
  }

  /** Everything up to this cursor was taken. */
  passed(cursor: string): void {
    this.#newest = cursor
    const mark = { cursor, at: this.#now() }
    this.#older ??= mark
    this.#next ??= mark
    if (mark.at - this.#next.at < keepMs) return
    this.#older = this.#next
    this.#next = mark
  }

  /** What was taken since comes once more, and is known by its numbers. */
  goBack(): void {
    this.#newest = this.#older?.cursor
  }
}
