import type { Invitation } from '../../../server/features/server/server.schema.ts'

/** Whether somebody can still come in by a link, and if not, why. */
export type InvitationState = 'open' | 'revoked' | 'used' | 'ended'

export function invitationState(
  { revokedAt, maxUses, uses, expiresAt }: Invitation,
  now: Date,
): InvitationState {
  if (revokedAt !== null) return 'revoked'
  if (maxUses !== null && uses >= maxUses) return 'used'
  if (expiresAt !== null && Date.parse(expiresAt) <= now.getTime()) return 'ended'
  return 'open'
}
