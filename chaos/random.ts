/** Choices that a seed repeats: a small generator (mulberry32), one per purpose, so that one does not disturb another. */
export class Random {
  readonly #seed: string
  #state: number

  constructor(seed: string) {
    this.#seed = seed
    this.#state = hash(seed)
  }

  /** A generator of its own for a purpose; the same seed and purpose give the same one. */
  fork(purpose: string): Random {
    return new Random(`${this.#seed}/${purpose}`)
  }

  /** From 0 up to, without, 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  /** A number from `low` up to, without, `high`. */
  between(low: number, high: number): number {
    return low + this.next() * (high - low)
  }

  /** True once in so many times. */
  happens(probability: number): boolean {
    return this.next() < probability
  }

  /** @throws RangeError when there is nothing to choose from. */
  pick<T>(choices: readonly T[]): T {
    if (choices.length === 0) throw new RangeError('nothing to choose from')
    return choices[Math.floor(this.next() * choices.length)] as T
  }

  /** The same things in another order. */
  shuffle<T>(things: readonly T[]): T[] {
    const order = [...things]
    for (let last = order.length - 1; last > 0; last--) {
      const other = Math.floor(this.next() * (last + 1))
      const held = order[last] as T
      order[last] = order[other] as T
      order[other] = held
    }
    return order
  }
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let at = 0; at < text.length; at++)
    value = Math.imul(value ^ text.charCodeAt(at), 0x01000193)
  return value
}
