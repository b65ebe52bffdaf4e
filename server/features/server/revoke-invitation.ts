import { sql } from 'kysely'
import { AppError } from '../../errors.ts'
import type { Trx } from '../../log/commit.ts'
import { requireStaff } from '../people/require-staff.ts'

/**
 * Makes an invitation useless; again is fine, and keeps the first time.
 * @throws AppError INVITATION_NOT_FOUND, NOT_ALLOWED
 */
export async function revokeInvitation(
  trx: Trx,
  actorId: string,
  { invitationId }: { invitationId: string },
): Promise<void> {
  await requireStaff(trx, actorId, ['owner', 'admin'])
  const revoked = await trx
    .updateTable('invitations')
    .set({ revokedAt: sql<Date>`coalesce(revoked_at, clock_timestamp())` })
    .where('id', '=', invitationId)
    .returning('id')
    .executeTakeFirst()
  if (!revoked) throw new AppError('INVITATION_NOT_FOUND', 'There is no such invitation.')
}
