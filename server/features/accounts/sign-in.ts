import type { Commit } from '../../log/commit.ts'
import type { Self } from '../people/people.schema.ts'
import { selfColumns, toSelf } from '../people/person-dto.ts'
import type { SignInInput } from './accounts.schema.ts'
import type { Accounts } from './create-accounts.ts'
import { networkOf } from './rate-limit.ts'
import { signInRefused, startSession, type Origin } from './start-session.ts'

/**
 * Known and unknown addresses take the same way and the same time. While an account has had too many wrong
 * passwords, the right one is refused, too: see docs/decisions/006-accounts.md.
 * @throws AppError SIGN_IN_REFUSED, RATE_LIMITED, BUSY
 */
export async function signIn(
  accounts: Accounts,
  commit: Commit,
  input: SignInInput,
  origin: Origin,
): Promise<{ user: Self; cookie: string }> {
  const row = await accounts.db
    .selectFrom('users')
    .select(selfColumns)
    .select('users.passwordHash')
    .where('email', '=', input.email)
    .executeTakeFirst()
  const right = await accounts.rateLimit.countFailures(
    [
      { limit: 'signInPerAddress', of: networkOf(origin.address) },
      { limit: 'signInPerAccount', of: input.email },
    ],
    async () => {
      const matches = await accounts.hasher.verify(row?.passwordHash ?? null, input.password)
      return matches && row?.deactivatedAt === null
    },
  )
  if (!row || row.passwordHash === null || !right) throw signInRefused()
  const { id, passwordHash } = row
  const cookie = await commit((trx) => startSession(trx, accounts, { id, passwordHash }, origin))
  await accounts.lucia.deleteExpiredSessions()
  return { user: toSelf(row), cookie }
}
