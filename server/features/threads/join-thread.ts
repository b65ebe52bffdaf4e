import { lockStreams } from '../../log/append.ts'
import type { Trx } from '../../log/commit.ts'
import { admitParticipants } from './admit-participants.ts'
import { getThread } from './get-thread.ts'
import { requireNotArchived, threadNotFound } from './require-participant.ts'
import { threadColumns, toThread } from './thread-dto.ts'
import type { MyThread, ThreadInput } from './threads.schema.ts'

/**
 * Joins an open thread; being in it already is fine. Whoever comes into an empty one owns it.
 * @throws AppError THREAD_NOT_FOUND for threads that are not open, THREAD_ARCHIVED
 */
export async function joinThread(
  trx: Trx,
  actorId: string,
  { threadId }: ThreadInput,
): Promise<MyThread> {
  await lockStreams(trx, [threadId, actorId])
  const row = await trx
    .selectFrom('threads')
    .select(threadColumns)
    .select((eb) =>
      eb
        .selectFrom('participants')
        .select('participants.userId')
        .whereRef('participants.threadId', '=', 'threads.id')
        .where('participants.leftSeq', 'is', null)
        .where('participants.userId', '=', actorId)
        .as('me'),
    )
    .where('id', '=', threadId)
    .executeTakeFirst()
  if (row?.me === actorId) return getThread(trx, actorId, { threadId })
  if (row?.kind !== 'open') throw threadNotFound()
  requireNotArchived(row)
  const inhabited = await trx
    .selectFrom('participants')
    .select('userId')
    .where('threadId', '=', threadId)
    .where('leftSeq', 'is', null)
    .limit(1)
    .executeTakeFirst()
  const role = inhabited ? 'member' : 'owner'
  await admitParticipants(trx, actorId, toThread(row), [{ userId: actorId, role }])
  return getThread(trx, actorId, { threadId })
}
