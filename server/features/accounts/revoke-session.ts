import { AppError } from '../../errors.ts'
import { lockStreams } from '../../log/append.ts'
import type { Trx } from '../../log/commit.ts'
import { endSessions } from './end-sessions.ts'

/**
 * Ends one of the actor's own sessions.
 * @throws AppError SESSION_NOT_FOUND, also for sessions of others.
 */
export async function revokeSession(
  trx: Trx,
  actorId: string,
  { sessionId }: { sessionId: string },
): Promise<void> {
  await lockStreams(trx, [actorId])
  if ((await endSessions(trx, actorId, actorId, { only: sessionId })) === 0)
    throw new AppError('SESSION_NOT_FOUND', 'There is no such session; it may have ended already.')
}
