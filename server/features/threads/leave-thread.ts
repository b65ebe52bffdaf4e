import { lockStreams } from '../../log/append.ts'
import type { Trx } from '../../log/commit.ts'
import { releaseParticipant } from './release-participant.ts'
import { requireParticipant } from './require-participant.ts'
import { requireRule } from './require-rule.ts'
import type { ThreadInput } from './threads.schema.ts'

/**
 * Leaves a thread; having left before is fine.
 * @throws AppError THREAD_NOT_FOUND for who never was in it, DIRECT_THREAD_FIXED
 */
export async function leaveThread(
  trx: Trx,
  actorId: string,
  { threadId }: ThreadInput,
): Promise<void> {
  await lockStreams(trx, [threadId, actorId])
  const departed = await trx
    .selectFrom('participants')
    .select('userId')
    .where('threadId', '=', threadId)
    .where('userId', '=', actorId)
    .where('leftSeq', 'is not', null)
    .executeTakeFirst()
  if (departed) return
  const participation = await requireParticipant(trx, actorId, threadId)
  requireRule('leave', participation.thread.kind, participation.role)
  await releaseParticipant(trx, actorId, actorId, participation)
}
