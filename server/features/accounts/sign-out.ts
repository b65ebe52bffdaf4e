import type { Actor } from '../../context.ts'
import { AppError } from '../../errors.ts'
import { lockStreams } from '../../log/append.ts'
import type { Trx } from '../../log/commit.ts'
import { endSessions } from './end-sessions.ts'

/**
 * Ends the session by which the actor asks.
 * @throws AppError NOT_ALLOWED for whoever came with a token: tokens are revoked.
 */
export async function signOut(trx: Trx, actor: Actor): Promise<void> {
  if (actor.via.type !== 'session')
    throw new AppError('NOT_ALLOWED', 'A token cannot sign out; revoke it instead.')
  await lockStreams(trx, [actor.id])
  await endSessions(trx, actor.id, actor.id, { only: actor.via.sessionId })
}
