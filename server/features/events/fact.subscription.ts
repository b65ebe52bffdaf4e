import { tracked, type TrackedEnvelope } from '@trpc/server'
import { AppError } from '../../errors.ts'
import type { LogEvent } from '../../events.ts'
import { toTRPCError } from '../../trpc.ts'
import type { CarriedEvent } from '../../log/carried-event.ts'
import type { FactSink, FactStreamId } from '../../log/fact-sink.ts'
import { FactStream, type FactStreamOptions } from '../../log/fact-stream.ts'

export interface FactItem {
  /** Resume from here: everything up to it was in this item or an earlier one. */
  cursor: string
  events: LogEvent[]
}

type Options = Omit<FactStreamOptions, 'sink' | 'id'>

/**
 * What `events.stream` returns. Our own socket handler writes through `pipe`, without an iterator per subscriber and
 * without parsing what is already text; whatever else iterates it (SSE, in-process calls) gets tracked items.
 */
export class FactSubscription implements AsyncIterable<TrackedEnvelope<FactItem>> {
  readonly #options: Options
  readonly #signal: AbortSignal | undefined

  /** @param signal ends an iteration that waits for the next fact. */
  constructor(options: Options, signal: AbortSignal | undefined) {
    this.#options = options
    this.#signal = signal
  }

  /** Opens the stream onto a sink that knows it by `id`. @throws AppError for a cursor that is not ours, at once. */
  pipe(sink: FactSink, id: FactStreamId): FactStream {
    return new FactStream({ ...this.#options, sink, id })
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<TrackedEnvelope<FactItem>, void, void> {
    const items: { cursor: string; events: readonly CarriedEvent[]; bytes: number }[] = []
    let bytes = 0
    const failures: Error[] = []
    let wake = () => {}
    const fail = (error: unknown) => {
      failures.push(error instanceof Error ? error : new Error(String(error)))
      wake()
    }
    const sink: FactSink = {
      backlog: () => bytes,
      writeFacts(_id, cursor, events) {
        const size = events.reduce((sum, { json }) => sum + json.length, 0)
        items.push({ cursor, events, bytes: size })
        bytes += size
        wake()
      },
      failFacts: (_id, error) => fail(error),
    }
    const stream = this.pipe(sink, 0)
    const aborted = () => wake()
    this.#signal?.addEventListener('abort', aborted)
    stream.start().catch(fail)
    try {
      while (!this.#signal?.aborted) {
        const item = items.shift()
        if (item) {
          const { cursor, events } = item
          yield tracked(cursor, { cursor, events: events.map(({ event }) => event) })
          bytes -= item.bytes
        } else if (failures[0]) {
          const [failure] = failures
          throw failure instanceof AppError ? toTRPCError(failure) : failure
        } else {
          await new Promise<void>((resolve) => {
            wake = resolve
          })
        }
      }
    } finally {
      this.#signal?.removeEventListener('abort', aborted)
      stream.close()
    }
  }
}

/** Output parser of `events.stream`: the events were checked where they were written. */
export function factSubscription(value: unknown): FactSubscription {
  if (!(value instanceof FactSubscription))
    throw new AppError('BUSY', 'The stream of facts could not be opened.')
  return value
}
