/** So many a second on average, and a burst of them at once after a rest. */
export class TokenBucket {
  readonly #perSecond: number
  readonly #burst: number
  #tokens: number
  #at: number

  constructor(perSecond: number, burst: number) {
    this.#perSecond = perSecond
    this.#burst = burst
    this.#tokens = burst
    this.#at = performance.now()
  }

  /** Takes one. @returns 0, or the seconds until there is one. */
  take(): number {
    this.#refill()
    if (this.#tokens < 1) return (1 - this.#tokens) / this.#perSecond
    this.#tokens--
    return 0
  }

  /** Nothing was taken for so long that it is as new. */
  get isFull(): boolean {
    this.#refill()
    return this.#tokens === this.#burst
  }

  #refill(): void {
    const now = performance.now()
    const more = ((now - this.#at) / 1_000) * this.#perSecond
    this.#tokens = Math.min(this.#burst, this.#tokens + more)
    this.#at = now
  }
}
