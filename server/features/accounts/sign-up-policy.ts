import { sql } from 'kysely'
import { AppError } from '../../errors.ts'
import type { Trx } from '../../log/commit.ts'
import { hashSecret } from './secret.ts'

/**
 * Whether this server takes this person, and one use of their invitation if it needs one. Before the first person
 * everyone may come: somebody has to own it.
 * @throws AppError EMAIL_DOMAIN_REFUSED, INVITATION_NEEDED, INVITATION_REFUSED
 */
export async function admitSignUp(
  trx: Trx,
  { email, invitation }: { email: string; invitation: string | null },
): Promise<void> {
  const server = await trx
    .selectFrom('server')
    .select(['signUp', 'signUpDomains'])
    .select((eb) =>
      eb
        .exists(eb.selectFrom('users').select('users.id').where('users.kind', '=', 'person'))
        .as('inhabited'),
    )
    .executeTakeFirstOrThrow()
  if (server.signUp === 'open' || !server.inhabited) return
  if (server.signUp === 'domains' && server.signUpDomains.includes(email.split('@')[1] ?? ''))
    return
  // An invitation also opens a server that asks for an e-mail domain: somebody there vouched for its bearer.
  if (invitation !== null) return useInvitation(trx, invitation)
  if (server.signUp === 'domains')
    throw new AppError(
      'EMAIL_DOMAIN_REFUSED',
      `Sign-up is for addresses at ${server.signUpDomains.join(', ')}, or with an invitation.`,
    )
  throw new AppError('INVITATION_NEEDED', 'You need an invitation link to sign up here.')
}

async function useInvitation(trx: Trx, code: string): Promise<void> {
  const used = await trx
    .updateTable('invitations')
    .set((eb) => ({ uses: eb('uses', '+', 1) }))
    .where('secretHash', '=', hashSecret(code))
    .where('revokedAt', 'is', null)
    .where((eb) =>
      eb.or([eb('expiresAt', 'is', null), eb('expiresAt', '>', sql<Date>`clock_timestamp()`)]),
    )
    .where((eb) => eb.or([eb('maxUses', 'is', null), eb('uses', '<', eb.ref('maxUses'))]))
    .returning('id')
    .executeTakeFirst()
  if (!used)
    throw new AppError('INVITATION_REFUSED', 'This invitation is used up, ended or not ours.')
}
