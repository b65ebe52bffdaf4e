import { appendEvent, nextSeq } from '../../log/append.ts'
import type { Trx } from '../../log/commit.ts'
import type { Participation } from './require-participant.ts'
import { changeRole } from './change-role.ts'

/**
 * Lets somebody out, by themselves or by another; the thread's stream and theirs are locked. A thread keeps an
 * owner: when the last one goes, the longest-standing moderator, member or guest (in this order) becomes it first.
 */
export async function releaseParticipant(
  trx: Trx,
  actorId: string,
  userId: string,
  { thread, role }: Participation,
): Promise<void> {
  if (role === 'owner') await passOwnership(trx, actorId, thread.id, userId)
  const leftSeq = nextSeq(trx, thread.id)
  await trx
    .updateTable('participants')
    .set({ leftSeq })
    .where('threadId', '=', thread.id)
    .where('userId', '=', userId)
    .execute()
  await trx
    .deleteFrom('readPositions')
    .where('threadId', '=', thread.id)
    .where('userId', '=', userId)
    .execute()
  await appendEvent(trx, thread.id, 'participant.left', actorId, { threadId: thread.id, userId })
  await appendEvent(trx, userId, 'participation.ended', actorId, { threadId: thread.id, leftSeq })
}

async function passOwnership(
  trx: Trx,
  actorId: string,
  threadId: string,
  leaverId: string,
): Promise<void> {
  const heir = await trx
    .selectFrom('participants')
    .select(['userId', 'role'])
    .where('threadId', '=', threadId)
    .where('userId', '<>', leaverId)
    .where('leftSeq', 'is', null)
    .orderBy((eb) =>
      eb
        .case('role')
        .when('owner')
        .then(0)
        .when('moderator')
        .then(1)
        .when('member')
        .then(2)
        .else(3)
        .end(),
    )
    .orderBy('joinedAt')
    .orderBy('userId')
    .limit(1)
    .executeTakeFirst()
  if (heir && heir.role !== 'owner') await changeRole(trx, actorId, threadId, heir.userId, 'owner')
}
