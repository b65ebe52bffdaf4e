import { AppError } from '../../errors.ts'
import { appendEvent, nextSeq } from '../../log/append.ts'
import type { Trx } from '../../log/commit.ts'
import { authorColumns, toAuthor } from '../people/person-dto.ts'
import type { Participant, ParticipantRole, Thread } from './threads.schema.ts'

export interface Admission {
  userId: string
  role: ParticipantRole
}

/**
 * Lets people in. The thread's stream and their own are locked, and none of them is in it now. What they had read
 * before an earlier departure does not count: they begin where they join.
 * @param from seq they see the thread's log from; without it, their own participant.joined.
 * @throws AppError PERSON_NOT_FOUND when one does not exist or is deactivated; then nobody was let in.
 */
export async function admitParticipants(
  trx: Trx,
  actorId: string,
  thread: Thread,
  admissions: readonly Admission[],
  from?: number,
): Promise<Participant[]> {
  if (admissions.length === 0) return []
  const people = await trx
    .selectFrom('users')
    .select(authorColumns)
    .where(
      'id',
      'in',
      admissions.map((admission) => admission.userId),
    )
    .where('deactivatedAt', 'is', null)
    .execute()
  const authors = new Map(people.map((person) => [person.id, toAuthor(person)]))
  const participants: Participant[] = []
  for (const { userId, role } of admissions) {
    const person = authors.get(userId)
    if (!person)
      throw new AppError('PERSON_NOT_FOUND', 'Somebody you named is not here (any more).')
    const joinedSeq = from ?? nextSeq(trx, thread.id)
    const { joinedAt } = await trx
      .insertInto('participants')
      .values({ threadId: thread.id, userId, role, joinedSeq })
      .onConflict((conflict) =>
        conflict.columns(['threadId', 'userId']).doUpdateSet((eb) => ({
          role: eb.ref('excluded.role'),
          joinedAt: eb.ref('excluded.joinedAt'),
          joinedSeq: eb.ref('excluded.joinedSeq'),
          leftSeq: null,
        })),
      )
      .returning('joinedAt')
      .executeTakeFirstOrThrow()
    const participant = { threadId: thread.id, person, role, joinedAt: joinedAt.toISOString() }
    await appendEvent(trx, thread.id, 'participant.joined', actorId, { participant })
    await appendEvent(trx, userId, 'participation.started', actorId, { thread, joinedSeq })
    participants.push(participant)
  }
  return participants
}
