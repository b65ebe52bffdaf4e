import { AppError } from '../../errors.ts'
import { lockStreams } from '../../log/append.ts'
import type { Trx } from '../../log/commit.ts'
import { findParticipants } from './find-participants.ts'
import { releaseParticipant } from './release-participant.ts'
import { requireParticipant } from './require-participant.ts'
import { outranks } from '../../../client/thread-rules.ts'
import { requireRule } from './require-rule.ts'
import type { RemoveParticipantInput } from './threads.schema.ts'

/**
 * Takes somebody out of a thread; nobody may take out who has a higher role. Not being in it is fine. Taking
 * oneself out is leaving.
 * @throws AppError THREAD_NOT_FOUND, NOT_ALLOWED, DIRECT_THREAD_FIXED
 */
export async function removeParticipant(
  trx: Trx,
  actorId: string,
  { threadId, userId }: RemoveParticipantInput,
): Promise<void> {
  await lockStreams(trx, [threadId, userId])
  const { thread, role } = await requireParticipant(trx, actorId, threadId)
  requireRule(userId === actorId ? 'leave' : 'removeParticipant', thread.kind, role)
  const [target] = await findParticipants(trx, threadId, [userId])
  if (!target) return
  if (outranks(target.role, role))
    throw new AppError('NOT_ALLOWED', 'Only an owner of the thread may remove an owner.')
  const participation = await requireParticipant(trx, userId, threadId)
  await releaseParticipant(trx, actorId, userId, participation)
}
