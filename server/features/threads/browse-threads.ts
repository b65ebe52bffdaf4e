import { sql, type Kysely } from 'kysely'
import type { Database } from '../../../db/schema.ts'
import { activeAt } from './activity.ts'
import { decodePageCursor, encodePageCursor, microsOf, timeOf } from './page-cursor.ts'
import { threadColumns, toThread } from './thread-dto.ts'
import type { BrowseInput, BrowsePage } from './threads.schema.ts'

/** Open threads that are not archived, newest activity first; every word of the query stands in the title. */
export async function browseThreads(
  db: Kysely<Database>,
  actorId: string,
  { query, limit, after }: BrowseInput,
): Promise<BrowsePage> {
  const cursor = decodePageCursor(after)
  let threads = db
    .selectFrom('threads')
    .select([
      ...threadColumns,
      activeAt.as('activeAt'),
      microsOf(activeAt).as('activeMicros'),
      (eb) =>
        eb
          .selectFrom('participants')
          .select((count) => count.fn.countAll<number>().as('count'))
          .whereRef('participants.threadId', '=', 'threads.id')
          .where('participants.leftSeq', 'is', null)
          .as('participants'),
      (eb) =>
        eb
          .exists(
            eb
              .selectFrom('participants')
              .select(sql`1`.as('one'))
              .whereRef('participants.threadId', '=', 'threads.id')
              .where('participants.userId', '=', actorId)
              .where('participants.leftSeq', 'is', null),
          )
          .as('joined'),
    ])
    .where('threads.kind', '=', 'open')
    .where('threads.archivedAt', 'is', null)
    .orderBy(activeAt, 'desc')
    .orderBy('threads.id', 'desc')
    .limit(limit + 1)
  for (const word of query.split(/\s+/).filter((part) => part !== ''))
    threads = threads.where('threads.title', 'ilike', `%${word.replace(/[\\%_]/g, '\\$&')}%`)
  if (cursor)
    threads = threads.where((eb) =>
      eb(
        eb.tuple(activeAt, eb.ref('threads.id')),
        '<',
        eb.tuple(timeOf(cursor), sql<string>`${cursor.id}::uuid`),
      ),
    )
  const rows = await threads.execute()
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return {
    threads: page.map((row) => ({
      ...toThread(row),
      participants: row.participants ?? 0,
      joined: Boolean(row.joined),
      activeAt: row.activeAt.toISOString(),
    })),
    next:
      rows.length > limit && last
        ? encodePageCursor({ micros: last.activeMicros, id: last.id })
        : null,
  }
}
