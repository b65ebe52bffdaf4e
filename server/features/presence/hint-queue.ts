import type { Hint, PresenceHint, PresenceState, TypingHint } from './presence.schema.ts'
import { emptyHint } from './presence-board.ts'

/** Hints of typing that may wait for one reader; beyond it the oldest are dropped: newer ones replace them anyway. */
const most = 200

/** What waits for one reader of hints: never more than one item of presence, with the latest of everyone. */
export class HintQueue implements AsyncIterable<Hint> {
  #presence: PresenceHint | null = null
  readonly #typing: TypingHint[] = []
  #wake = () => {}
  #ended = false
  #error: Error | null = null

  push(hint: Hint): void {
    if (hint.type === 'presence')
      this.#presence = this.#presence && !hint.complete ? join(this.#presence, hint) : hint
    else {
      if (this.#typing.length >= most) this.#typing.shift()
      this.#typing.push(hint)
    }
    this.#wake()
  }

  end(error: Error | null = null): void {
    this.#ended = true
    this.#error = error
    this.#wake()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Hint, void, void> {
    while (!this.#ended) {
      const hint = this.#presence ?? this.#typing.shift()
      if (hint?.type === 'presence') this.#presence = null
      if (hint) yield hint
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
    }
    if (this.#error) throw this.#error
  }
}

/** Both in one; the later word counts. */
function join(earlier: PresenceHint, later: PresenceHint): PresenceHint {
  const states = new Map<string, PresenceState>()
  for (const hint of [earlier, later])
    for (const state of ['online', 'away', 'offline'] as const)
      for (const id of hint[state]) states.set(id, state)
  const hint = emptyHint(earlier.complete)
  for (const [id, state] of states) hint[state].push(id)
  return hint
}
