import type { Kysely } from 'kysely'
import pLimit from 'p-limit'
import type { Database } from '../../db/schema.ts'
import { AppError } from '../errors.ts'
import type { Metrics } from '../observe/metrics.ts'
import type { Access, AccessChange, Sight, Viewer } from './access.ts'
import type { CarriedEvent } from './carried-event.ts'
import { encodeCursor, isLater, type Cursor } from './cursor.ts'
import type { Hub } from './hub.ts'
import { createLooksInTurn } from './looks-in-turn.ts'
import { readLog } from './read-log.ts'

/** Where all fact streams of an instance read from. What many ask for at the same time is read once. */
export interface FactSource {
  hub: Hub
  metrics: Metrics
  readonly epoch: string
  /** What a viewer may see and missed, at a moment after the call. */
  look(viewer: Viewer): Promise<Sight>
  /**
   * Some of the events after a seq, in order, at least one; the caller knows that there is one.
   * @throws AppError DATABASE_UNAVAILABLE when the log does not have it
   */
  readOn(stream: string, after: number): Promise<readonly CarriedEvent[]>
  /** Does this event let someone into a stream, or out of it? Asked for each event by all who hear it. */
  changeIn(event: CarriedEvent): AccessChange | null
  /** Where a reader stands who was given everything that the hub handed over. */
  liveCursor(): EncodedCursor
  /** Whether a reader is further than that. Asked by all who stand at the same place. */
  isAhead(cursor: Cursor): boolean
}

export interface EncodedCursor {
  cursor: Cursor
  text: string
}

export interface FactSourceOptions {
  db: Kysely<Database>
  hub: Hub
  metrics: Metrics
  access: Access
  /** The deployment; its epoch may change while the instance runs. */
  server: { epoch: string }
  /** Connections that the instance may have: a hundred readers who come back take a few of them for their pages. */
  connections: number
}

/** Of the connections: four of twenty. Each to a place of its own, readers would take all of them from those who write. */
const shareForPages = 0.2

export function createFactSource({
  db,
  hub,
  metrics,
  access,
  server,
  connections,
}: FactSourceOptions): FactSource {
  const pages = new Map<string, Promise<CarriedEvent[]>>()
  let live = encoded({ epoch: server.epoch, horizon: hub.horizon })
  let compared: { cursor: Cursor; isAhead: boolean } | null = null
  let looked: { event: CarriedEvent; change: AccessChange | null } | null = null

  const inTurn = pLimit(Math.max(1, Math.floor(connections * shareForPages)))
  const readPage = (stream: string, after: number) =>
    inTurn(async () => (await readLog(db, stream, after)).events)

  function readShared(stream: string, after: number): Promise<CarriedEvent[]> {
    const key = `${stream} ${after}`
    const underWay = pages.get(key)
    if (underWay) return underWay
    const page = readPage(stream, after).finally(() => pages.delete(key))
    pages.set(key, page)
    return page
  }

  return {
    hub,
    metrics,
    get epoch() {
      return server.epoch
    },
    look: createLooksInTurn(db, access),
    async readOn(stream, after) {
      const recent = hub.recentAfter(stream, after)
      if (recent && recent.length > 0) return recent
      const page = await readShared(stream, after)
      if (page.length > 0) return page
      // A reading that somebody else began may be older than what this caller knows of.
      const own = await readPage(stream, after)
      if (own.length > 0) return own
      throw new AppError(
        'DATABASE_UNAVAILABLE',
        'The log is not whole; come back with your cursor.',
      )
    },
    liveCursor() {
      const { horizon } = hub
      if (live.cursor.horizon !== horizon || live.cursor.epoch !== server.epoch) {
        live = encoded({ epoch: server.epoch, horizon })
        compared = null
      }
      return live
    },
    isAhead(cursor) {
      if (cursor === live.cursor) return false
      if (compared?.cursor !== cursor)
        compared = { cursor, isAhead: isLater(cursor.horizon, live.cursor.horizon) }
      return compared.isAhead
    },
    changeIn(event) {
      if (looked?.event !== event) looked = { event, change: access.changeIn(event) }
      return looked.change
    },
  }
}

function encoded(cursor: Cursor): EncodedCursor {
  return { cursor, text: encodeCursor(cursor) }
}
