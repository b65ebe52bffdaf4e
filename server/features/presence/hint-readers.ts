import type { HintQueue } from './hint-queue.ts'
import type { PresenceHint, TypingHint } from './presence.schema.ts'

export interface HintReader {
  userId: string
  queue: HintQueue
  /** Threads that the person takes part in. */
  threads: Set<string>
}

/** Everyone on this instance who follows hints. */
export class HintReaders {
  readonly #readers = new Set<HintReader>()

  add(reader: HintReader): void {
    this.#readers.add(reader)
  }

  remove(reader: HintReader): void {
    this.#readers.delete(reader)
  }

  /** One object for all of them. */
  tellPresence(hint: PresenceHint): void {
    for (const { queue } of this.#readers) queue.push(hint)
  }

  /** Only who takes part in the thread, and not the one who types. */
  tellTyping(hint: TypingHint): void {
    for (const { userId, queue, threads } of this.#readers)
      if (userId !== hint.userId && threads.has(hint.threadId)) queue.push(hint)
  }

  end(): void {
    for (const { queue } of this.#readers) queue.end()
  }
}
