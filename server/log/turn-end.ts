import type { Logger } from 'pino'

/** What is done once for all that happens in a turn of the event loop. */
export interface Flushable {
  flush(): void
}

/** Lets readers write once per turn of the event loop, however many events that turn brought. */
export class TurnEnd {
  readonly #log: Logger
  #due: Flushable[] = []

  constructor(log: Logger) {
    this.#log = log
  }

  /** Each reader adds itself once a turn. */
  add(reader: Flushable): void {
    if (this.#due.length === 0) setImmediate(() => this.flush())
    this.#due.push(reader)
  }

  /** Everything that is due, now. */
  flush(): void {
    const due = this.#due
    this.#due = []
    for (const reader of due) {
      try {
        reader.flush()
      } catch (error) {
        // One connection that breaks must not keep the others from their events.
        this.#log.error({ err: error }, 'events could not be written to a connection')
      }
    }
  }
}
