import { lockStreams } from '../../log/append.ts'
import type { Trx } from '../../log/commit.ts'
import { serverStreamId } from './announce-open-thread.ts'
import { requireParticipant, type Participation } from './require-participant.ts'

/**
 * Locks a thread, and the server's stream with it when the thread is an open one, for a change that everyone may
 * need to hear of. The participation is read after the lock is held: what it says stays true until the commit.
 * @throws AppError THREAD_NOT_FOUND
 */
export async function lockListedThread(
  trx: Trx,
  actorId: string,
  threadId: string,
): Promise<Participation> {
  const { thread } = await requireParticipant(trx, actorId, threadId)
  await lockStreams(trx, [threadId, ...(thread.kind === 'open' ? [await serverStreamId(trx)] : [])])
  return requireParticipant(trx, actorId, threadId)
}
