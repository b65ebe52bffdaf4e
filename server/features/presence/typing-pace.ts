/** Hints of one person in one thread closer together than this say nothing new. */
const everyMs = 1_000

/** Lets a hint of typing pass at most once a second for each person and thread. */
export class TypingPace {
  readonly #last = new Map<string, number>()

  may(userId: string, threadId: string): boolean {
    const key = `${userId} ${threadId}`
    const now = performance.now()
    if (now - (this.#last.get(key) ?? -everyMs) < everyMs) return false
    this.#last.set(key, now)
    return true
  }

  /** Forgets what no longer holds anything back. */
  forget(): void {
    const now = performance.now()
    for (const [key, at] of this.#last) if (now - at >= everyMs) this.#last.delete(key)
  }
}
