import type { Actor } from '../../context.ts'

/** The id of the session or token that somebody acts by. */
export function credentialIdOf({ via }: Actor): string {
  return via.type === 'session' ? via.sessionId : via.tokenId
}
