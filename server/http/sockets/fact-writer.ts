import type { AppError } from '../../errors.ts'
import type { CarriedEvent } from '../../log/carried-event.ts'
import type { FactSink } from '../../log/fact-sink.ts'
import type { RequestId } from './wire.ts'

/** What a socket offers to the facts that are written to it. */
export interface FactLink {
  /** Bytes that the peer has not taken yet. */
  backlog(): number
  writeFacts(id: RequestId, cursor: string, events: readonly CarriedEvent[]): void
}

/** The facts of one subscription on their way to its socket. */
export class FactWriter implements FactSink {
  readonly #link: FactLink
  readonly #id: RequestId
  readonly #failed: (id: RequestId, error: AppError) => void

  /** @param failed one function for all subscriptions of a socket. */
  constructor(link: FactLink, id: RequestId, failed: (id: RequestId, error: AppError) => void) {
    this.#link = link
    this.#id = id
    this.#failed = failed
  }

  backlog(): number {
    return this.#link.backlog()
  }

  write(cursor: string, events: readonly CarriedEvent[]): void {
    this.#link.writeFacts(this.#id, cursor, events)
  }

  fail(error: AppError): void {
    this.#failed(this.#id, error)
  }
}
