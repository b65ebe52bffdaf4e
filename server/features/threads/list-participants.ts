import { sql, type Kysely } from 'kysely'
import type { Database } from '../../../db/schema.ts'
import { personColumns, toPerson } from '../people/person-dto.ts'
import { decodePageCursor, encodePageCursor, microsOf, timeOf } from './page-cursor.ts'
import { requireParticipant } from './require-participant.ts'
import type { ParticipantsListInput, ParticipantsPage } from './threads.schema.ts'

/**
 * Who takes part in a thread, the longest-standing first.
 * @throws AppError THREAD_NOT_FOUND
 */
export async function listParticipants(
  db: Kysely<Database>,
  actorId: string,
  { threadId, limit, after }: ParticipantsListInput,
): Promise<ParticipantsPage> {
  await requireParticipant(db, actorId, threadId)
  const cursor = decodePageCursor(after)
  let participants = db
    .selectFrom('participants')
    .innerJoin('users', 'users.id', 'participants.userId')
    .select(personColumns)
    .select([
      'participants.role as threadRole',
      'participants.joinedAt',
      microsOf(sql.ref('participants.joinedAt')).as('joinedMicros'),
    ])
    .where('participants.threadId', '=', threadId)
    .where('participants.leftSeq', 'is', null)
    .orderBy('participants.joinedAt')
    .orderBy('participants.userId')
    .limit(limit + 1)
  if (cursor)
    participants = participants.where((eb) =>
      eb(
        eb.refTuple('participants.joinedAt', 'participants.userId'),
        '>',
        eb.tuple(timeOf(cursor), sql<string>`${cursor.id}::uuid`),
      ),
    )
  const rows = await participants.execute()
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return {
    participants: page.map((row) => ({
      threadId,
      person: toPerson(row),
      role: row.threadRole,
      joinedAt: row.joinedAt.toISOString(),
    })),
    next:
      rows.length > limit && last
        ? encodePageCursor({ micros: last.joinedMicros, id: last.id })
        : null,
  }
}
