import type { Hint } from './presence.schema.ts'

/** Hints that may wait for one reader; beyond it the oldest are dropped: newer ones replace them anyway. */
const most = 200

/** What waits for one reader of hints. */
export class HintQueue implements AsyncIterable<Hint> {
  readonly #hints: Hint[] = []
  #wake = () => {}
  #ended = false
  #error: Error | null = null

  push(hint: Hint): void {
    if (this.#hints.length >= most) this.#hints.shift()
    this.#hints.push(hint)
    this.#wake()
  }

  end(error: Error | null = null): void {
    this.#ended = true
    this.#error = error
    this.#wake()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Hint, void, void> {
    while (!this.#ended) {
      const hint = this.#hints.shift()
      if (hint) yield hint
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
    }
    if (this.#error) throw this.#error
  }
}
