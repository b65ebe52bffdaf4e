import type { Kysely } from 'kysely'
import type { Database } from '../../../db/schema.ts'
import { authorColumns, toAuthor } from '../people/person-dto.ts'
import type { Participant } from './threads.schema.ts'

/** Those of the people who take part in the thread now. */
export async function findParticipants(
  db: Kysely<Database>,
  threadId: string,
  userIds: readonly string[],
): Promise<Participant[]> {
  const rows = await db
    .selectFrom('participants')
    .innerJoin('users', 'users.id', 'participants.userId')
    .select(authorColumns)
    .select(['participants.role', 'participants.joinedAt'])
    .where('participants.threadId', '=', threadId)
    .where('participants.userId', 'in', userIds)
    .where('participants.leftSeq', 'is', null)
    .execute()
  return rows.map(({ role, joinedAt, ...person }) => ({
    threadId,
    person: toAuthor(person),
    role,
    joinedAt: joinedAt.toISOString(),
  }))
}
