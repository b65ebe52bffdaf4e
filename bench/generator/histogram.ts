const bucketsPerMs = 10
const longestMs = 60_000

/** Milliseconds, to a tenth; longer than a minute counts as a minute. */
export class Histogram {
  readonly #buckets = new Uint32Array(longestMs * bucketsPerMs + 1)
  #count = 0
  #last = 0

  get count(): number {
    return this.#count
  }

  add(milliseconds: number): void {
    const bucket = Math.max(0, Math.min(longestMs, milliseconds)) * bucketsPerMs
    const place = Math.round(bucket)
    this.#buckets[place] = (this.#buckets[place] ?? 0) + 1
    this.#count++
    if (place > this.#last) this.#last = place
  }

  /** @param share 0.99: what 99 of 100 were no slower than. NaN when there are none. */
  percentile(share: number): number {
    if (this.#count === 0) return NaN
    const wanted = Math.ceil(this.#count * share)
    let seen = 0
    for (let place = 0; place <= this.#last; place++) {
      seen += this.#buckets[place] ?? 0
      if (seen >= wanted && seen > 0) return place / bucketsPerMs
    }
    return this.#last / bucketsPerMs
  }
}
