import { sql, type Kysely } from 'kysely'
import type { Database } from '../../db/schema.ts'
import { carryRow, type CarriedEvent } from './carried-event.ts'

/** Most events that one reading of the log gives. */
export const logPageSize = 250

/** The events of a stream after a seq, in order, at most a page of them. Asks nobody's permission. */
export async function readLog(
  db: Kysely<Database>,
  stream: string,
  after: number,
): Promise<CarriedEvent[]> {
  const rows = await db
    .selectFrom('events')
    .select(['streamId', 'seq', 'type', 'version', 'actorId', 'at'])
    .select(sql<string>`payload::text`.as('payload'))
    .where('streamId', '=', stream)
    .where('seq', '>', after)
    .orderBy('seq')
    .limit(logPageSize)
    .execute()
  return rows.map(carryRow)
}
