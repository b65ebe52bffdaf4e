import type { Actor } from '../../context.ts'
import { AppError } from '../../errors.ts'
import type { LogEvent } from '../../events.ts'

/** The error with which everything open ends when the session or token it lives by is gone; null for other events. */
export function credentialEnded(actor: Actor, event: LogEvent): AppError | null {
  const { via } = actor
  const ended =
    (event.type === 'session.ended' &&
      via.type === 'session' &&
      event.payload.sessionId === via.sessionId) ||
    (event.type === 'token.revoked' &&
      via.type === 'token' &&
      event.payload.tokenId === via.tokenId)
  return ended ? new AppError('SESSION_ENDED', 'This session was ended; sign in again.') : null
}
