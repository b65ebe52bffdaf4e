/**
 * Milliseconds that this process was awake to see. A machine that slept, or a process that was stopped, heard nobody
 * meanwhile: that must not make everyone else look gone. Nor may a clock that is set.
 */
export class PresenceClock {
  #now = 0
  #looked = performance.now()
  readonly #longestStep: number

  constructor(restMs: number) {
    this.#longestStep = 3 * restMs
  }

  get now(): number {
    return this.#now
  }

  tick(): number {
    const looked = performance.now()
    this.#now += Math.min(looked - this.#looked, this.#longestStep)
    this.#looked = looked
    return this.#now
  }
}
