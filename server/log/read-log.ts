import { sql, type Kysely } from 'kysely'
import { late, Prepared } from '../../db/prepared.ts'
import type { Database } from '../../db/schema.ts'
import { carryRow, type CarriedEvent } from './carried-event.ts'

export interface LogPage {
  events: CarriedEvent[]
  /** There was nothing after them at that moment. */
  isLast: boolean
}

interface Place {
  stream: string
  after: number
}

type Row = Parameters<typeof carryRow>[0] & {
  /** Bytes of the page's payloads up to and with this one. */
  bytes: number
}

/** Most events that one reading of the log gives, and the bytes of payloads that it stops at: long messages fill memory. */
const mostEvents = 250
const mostBytes = 512 * 1024

const page = new Prepared<Row, Place>(sql`
  select stream_id as "streamId", seq, type, version, actor_id as "actorId", at, payload, bytes
  from (
    select *, sum(octet_length(payload)) over (order by seq) as bytes
    from (
      select stream_id, seq, type, version, actor_id, at, payload::text as payload from events
      where stream_id = ${late<Place>(({ stream }) => stream)} and seq > ${late<Place>(({ after }) => after)}
      order by seq limit ${sql.lit(mostEvents)}
    ) page
  ) page
  where bytes - octet_length(payload) < ${sql.lit(mostBytes)}
  order by seq`)

/** The events of a stream after a seq, in order, at most a page of them. Asks nobody's permission. */
export async function readLog(
  db: Kysely<Database>,
  stream: string,
  after: number,
): Promise<LogPage> {
  const rows = await page.execute(db, { stream, after })
  const isFull = rows.length === mostEvents || (rows.at(-1)?.bytes ?? 0) >= mostBytes
  return { events: rows.map(carryRow), isLast: !isFull }
}
