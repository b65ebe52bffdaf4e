import { SkeinError } from '../../../client/index.ts'
import { reportFailure } from '~/lib/report-failure.ts'

type Tell = () => Promise<unknown>

/**
 * Tells the server how far was read: per thread one call at a time, so that a later word is not overtaken by an
 * earlier one. What found no way is told again when there is one.
 */
export class ReadPositions {
  readonly #latest = new Map<string, Tell>()
  readonly #telling = new Set<string>()

  tell(threadId: string, tell: Tell): void {
    this.#latest.set(threadId, tell)
    void this.#run(threadId)
  }

  /** The way is free again. */
  wake(): void {
    for (const threadId of this.#latest.keys()) void this.#run(threadId)
  }

  async #run(threadId: string): Promise<void> {
    if (this.#telling.has(threadId)) return
    this.#telling.add(threadId)
    for (let tell = this.#latest.get(threadId); tell; tell = this.#latest.get(threadId)) {
      const told = await this.#try(tell)
      if (!told) break
      if (this.#latest.get(threadId) === tell) this.#latest.delete(threadId)
    }
    this.#telling.delete(threadId)
  }

  /** Whether there is an answer, be it a refusal. */
  async #try(tell: Tell): Promise<boolean> {
    try {
      await tell()
      return true
    } catch (error) {
      if (error instanceof SkeinError && error.passing) return false
      reportFailure(error)
      return true
    }
  }
}
