import { Store } from '~/lib/store.ts'

/** Time to think better of it. */
export const undoMs = 5_000

interface Waiting {
  timer: ReturnType<typeof setTimeout>
  run: () => void
}

/** Messages that are gone from the screen and go from the server once nobody took it back. */
export class Deletions {
  /** Ids of messages that are not to be shown. */
  readonly hidden = new Store<ReadonlySet<string>>(new Set())
  readonly #delete: (messageId: string) => Promise<void>
  readonly #waiting = new Map<string, Waiting>()

  constructor(remove: (messageId: string) => Promise<void>) {
    this.#delete = remove
  }

  /** Hides the message and deletes it after five seconds. `failed` is told when the server refuses. */
  start(messageId: string, failed: (error: unknown) => void): void {
    const run = () => {
      this.#waiting.delete(messageId)
      this.#delete(messageId)
        .catch(failed)
        .finally(() => this.#show(messageId))
    }
    this.#waiting.set(messageId, { timer: setTimeout(run, undoMs), run })
    this.hidden.update((ids) => new Set([...ids, messageId]))
  }

  undo(messageId: string): void {
    const waiting = this.#waiting.get(messageId)
    if (!waiting) return
    clearTimeout(waiting.timer)
    this.#waiting.delete(messageId)
    this.#show(messageId)
  }

  /** The page goes away: what was deleted is deleted now. */
  flush(): void {
    for (const { timer, run } of [...this.#waiting.values()]) {
      clearTimeout(timer)
      run()
    }
  }

  #show(messageId: string): void {
    this.hidden.update((ids) => new Set([...ids].filter((id) => id !== messageId)))
  }
}
