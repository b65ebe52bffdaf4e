import { sql, type Selectable } from 'kysely'
import type { InvitationsTable } from '../../../db/schema.ts'
import type { Trx } from '../../log/commit.ts'
import { createSecret, hashSecret } from '../accounts/secret.ts'
import { requireStaff } from '../people/require-staff.ts'
import type { CreateInvitationInput, Invitation } from './server.schema.ts'

export const invitationColumns = [
  'id',
  'note',
  'maxUses',
  'uses',
  'createdAt',
  'expiresAt',
  'revokedAt',
] as const

/**
 * Makes an invitation.
 * @returns it, and the code of its link: this once, only a hash is kept.
 * @throws AppError NOT_ALLOWED
 */
export async function createInvitation(
  trx: Trx,
  actorId: string,
  input: CreateInvitationInput,
): Promise<{ invitation: Invitation; code: string }> {
  await requireStaff(trx, actorId, ['owner', 'admin'])
  const code = createSecret()
  const row = await trx
    .insertInto('invitations')
    .values({
      secretHash: hashSecret(code),
      createdBy: actorId,
      note: input.note,
      maxUses: input.maxUses,
      expiresAt:
        input.hours === null
          ? null
          : sql<Date>`clock_timestamp() + make_interval(hours => ${input.hours})`,
    })
    .returning(invitationColumns)
    .executeTakeFirstOrThrow()
  return { invitation: toInvitation(row), code }
}

export function toInvitation(
  row: Pick<Selectable<InvitationsTable>, (typeof invitationColumns)[number]>,
): Invitation {
  return {
    id: row.id,
    note: row.note,
    maxUses: row.maxUses,
    uses: row.uses,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt?.toISOString() ?? null,
    revokedAt: row.revokedAt?.toISOString() ?? null,
  }
}
