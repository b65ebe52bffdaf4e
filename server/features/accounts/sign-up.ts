import type { Commit } from '../../log/commit.ts'
import type { Self } from '../people/people.schema.ts'
import type { SignUpInput } from './accounts.schema.ts'
import { refuseCommonPassword } from './common-passwords.ts'
import type { Accounts } from './create-accounts.ts'
import { createPerson } from './create-person.ts'
import { networkOf } from './rate-limit.ts'
import { admitSignUp } from './sign-up-policy.ts'
import { startSession, type Origin } from './start-session.ts'

/**
 * Makes an account and signs it in. A taken address is refused only after the same work, and after everything that
 * may be told to anyone.
 * @throws AppError PASSWORD_TOO_COMMON, RATE_LIMITED, BUSY, EMAIL_DOMAIN_REFUSED, INVITATION_NEEDED,
 * INVITATION_REFUSED, HANDLE_TAKEN, SIGN_UP_REFUSED
 */
export async function signUp(
  accounts: Accounts,
  commit: Commit,
  input: SignUpInput,
  origin: Origin,
): Promise<{ user: Self; cookie: string }> {
  const { email, password, name, handle, invitation = null } = input
  refuseCommonPassword(password, [email, handle, name])
  await accounts.rateLimit.take({ limit: 'signUpPerAddress', of: networkOf(origin.address) })
  const passwordHash = await accounts.hasher.hash(password)
  return commit(async (trx) => {
    await admitSignUp(trx, { email, invitation })
    const user = await createPerson(trx, { kind: 'person', email, passwordHash, name, handle })
    const cookie = await startSession(trx, accounts, { id: user.id, passwordHash }, origin)
    return { user, cookie }
  })
}
