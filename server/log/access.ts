import type { Kysely } from 'kysely'
import type { Database } from '../../db/schema.ts'
import type { CarriedEvent } from './carried-event.ts'

/** Which streams a person may follow. The log knows no threads; features/events says what is behind it. */
export interface Access {
  /** What each of these may see, and missed since their horizon: all of it at one moment. In the order asked. */
  look(db: Kysely<Database>, viewers: readonly Viewer[]): Promise<Sight[]>
  /** Does this event let someone into a stream, or out of it? */
  changeIn(event: CarriedEvent): AccessChange | null
  /** Does this event take back what an earlier one of its stream said? Then the earlier one is read from the log again. */
  takesBack(event: CarriedEvent): boolean
}

export interface Viewer {
  userId: string
  /** xid8 as decimal text. */
  horizon: string
}

export interface Sight {
  /** The streams to follow from now on. */
  streams: string[]
  /**
   * In id order: where each stream the person may see, or could see until they left, goes on after its last event of a
   * transaction before the viewer's horizon. What is before that event was committed before it, and so was handed over
   * with it. `upTo` is the last they may see as of this moment.
   */
  missed: { stream: string; from: number; upTo: number }[]
  /** What the viewer may count as handed over once these are. */
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
