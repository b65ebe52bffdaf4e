import { sql, type Kysely } from 'kysely'
import type { Database } from '../../../db/schema.ts'
import { activeAt } from './activity.ts'
import { selectMyThreads, toMyThread } from './my-threads.ts'
import { decodePageCursor, encodePageCursor, timeOf } from './page-cursor.ts'
import type { ListInput, ThreadPage } from './threads.schema.ts'

/** A page of the actor's threads, newest activity first. */
export async function listThreads(
  db: Kysely<Database>,
  actorId: string,
  { limit, after, archived }: ListInput,
): Promise<ThreadPage> {
  const cursor = decodePageCursor(after)
  const rows = await selectMyThreads(db, actorId, (mine) => {
    const newestFirst = mine
      .where('threads.archivedAt', archived ? 'is not' : 'is', null)
      .orderBy(activeAt, 'desc')
      .orderBy('threads.id', 'desc')
      .limit(limit + 1)
    if (cursor === null) return newestFirst
    return newestFirst.where((eb) =>
      eb(
        eb.tuple(activeAt, eb.ref('threads.id')),
        '<',
        eb.tuple(timeOf(cursor), sql<string>`${cursor.id}::uuid`),
      ),
    )
  }).execute()
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  const more = rows.length > limit && last !== undefined
  return {
    threads: page.map(toMyThread),
    next: more ? encodePageCursor({ micros: last.activeMicros, id: last.id }) : null,
  }
}
