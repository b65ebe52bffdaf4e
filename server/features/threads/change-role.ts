import { appendEvent } from '../../log/append.ts'
import type { Trx } from '../../log/commit.ts'
import { authorColumns, toAuthor } from '../people/person-dto.ts'
import type { Participant, ParticipantRole } from './threads.schema.ts'

/** Gives a participant another role; the thread's stream is locked and the right to do so was proven. */
export async function changeRole(
  trx: Trx,
  actorId: string,
  threadId: string,
  userId: string,
  role: ParticipantRole,
): Promise<Participant> {
  const { joinedAt } = await trx
    .updateTable('participants')
    .set({ role })
    .where('threadId', '=', threadId)
    .where('userId', '=', userId)
    .returning('joinedAt')
    .executeTakeFirstOrThrow()
  const person = await trx
    .selectFrom('users')
    .select(authorColumns)
    .where('id', '=', userId)
    .executeTakeFirstOrThrow()
  const participant = { threadId, person: toAuthor(person), role, joinedAt: joinedAt.toISOString() }
  await appendEvent(trx, threadId, 'participant.role-changed', actorId, { participant })
  return participant
}
