import type { Kysely } from 'kysely'
import type { Database } from '../../db/schema.ts'
import type { LogEvent } from '../events.ts'
import type { CarriedEvent } from './carried-event.ts'

/** Which streams a person may follow. The log knows no threads; features/events says what is behind it. */
export interface Access {
  /** The streams to follow from now on. */
  listStreams(db: Kysely<Database>, userId: string): Promise<string[]>
  /**
   * Where each stream the person may see, or could see until they left, has events of transactions from `horizon`
   * on; and the horizon and the end of transaction ids at that same moment.
   */
  findMissed(db: Kysely<Database>, userId: string, horizon: string): Promise<Missed>
  /** A page of a stream in order, with what the person may see of it at this very moment. */
  readPage(
    db: Kysely<Database>,
    userId: string,
    stream: string,
    after: number,
    limit: number,
  ): Promise<CarriedEvent[]>
  /** Does this event let someone into a stream, or out of it? */
  changeIn(event: LogEvent): AccessChange | null
}

export interface Missed {
  /** In id order; `from` is the seq of the first missed event. */
  streams: { stream: string; from: number }[]
  /** What the reader may count as handed over once these are. */
  horizon: string
  /** First transaction id not yet given out: a cursor beyond it is not of this history. */
  end: string
}

export interface AccessChange {
  userId: string
  stream: string
  may: boolean
  /** Who is let in sees the stream after this seq. */
  after?: number
}
