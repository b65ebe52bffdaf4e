import { AppError } from '../../errors.ts'
import type { Trx } from '../../log/commit.ts'
import type { Accounts } from './create-accounts.ts'
import { absoluteDays, openLucia } from './lucia-adapter.ts'

/** Where a request came from, as the list of sessions shows it. */
export interface Origin {
  address: string
  userAgent: string | null
}

const longestUserAgent = 300

/**
 * Starts a session for someone whose password was just found right. The person's row is locked and looked at again:
 * a password change or a deactivation that ends all sessions must not miss the one that is being made.
 * @returns the Set-Cookie header.
 * @throws AppError SIGN_IN_REFUSED
 */
export async function startSession(
  trx: Trx,
  accounts: Accounts,
  person: { id: string; passwordHash: string },
  origin: Origin,
): Promise<string> {
  const row = await trx
    .selectFrom('users')
    .select(['passwordHash', 'deactivatedAt'])
    .where('id', '=', person.id)
    .forShare()
    .executeTakeFirst()
  if (!row || row.deactivatedAt !== null || row.passwordHash !== person.passwordHash)
    throw signInRefused()
  const session = await openLucia(trx).createSession(person.id, {
    userAgent: origin.userAgent?.slice(0, longestUserAgent).toWellFormed() ?? null,
    address: origin.address,
  })
  return accounts.cookie.give(session.id, new Date(Date.now() + absoluteDays * 86_400_000))
}

/** One answer for an unknown address, a wrong password and a deactivated person. */
export function signInRefused(): AppError {
  return new AppError('SIGN_IN_REFUSED', 'This e-mail address and password do not go together.')
}
