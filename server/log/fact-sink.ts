import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../errors.ts'
import type { CarriedEvent } from './carried-event.ts'

/** What a sink that takes several fact streams tells them apart by. */
export type FactStreamId = string | number

/**
 * Where fact streams write to: a socket, or a queue in front of an async iterator. A socket is the sink of its streams
 * itself: each object between a stream and its socket is one more line that a quiet instance's processor does not have
 * in its cache, for every delivery (docs/decisions/018).
 */
export interface FactSink {
  /** Bytes that were written and not yet taken by the reader. */
  backlog(): number
  /** One item: events, and where the reader stands once it has them. */
  writeFacts(id: FactStreamId, cursor: string, events: readonly CarriedEvent[]): void
  /** The stream is over: the reader was too slow, or the log could not be read. */
  failFacts(id: FactStreamId, error: AppError): void
}

/** A reader that takes nothing for this long is cut. */
const maxStalledMs = 60_000
const checkEveryMs = 50

/**
 * Waits until the reader has taken what was written, but for `below` bytes.
 * @throws AppError BUSY when it takes nothing for a minute.
 */
export async function drained(
  sink: FactSink,
  below: number,
  isClosed: () => boolean,
): Promise<void> {
  for (let waited = 0; !isClosed() && sink.backlog() > below; waited += checkEveryMs) {
    if (waited >= maxStalledMs)
      throw new AppError(
        'BUSY',
        'The connection took nothing for a minute; come back with your cursor.',
      )
    await sleep(checkEveryMs)
  }
}
