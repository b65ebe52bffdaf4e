import type { Commit } from '../../log/commit.ts'
import type { Self } from '../people/people.schema.ts'
import type { Accounts } from './create-accounts.ts'
import { refuseCommonPassword } from './common-passwords.ts'
import { createPerson } from './create-person.ts'

/** A person has an address and a password, a bot neither: it comes with a token. */
export type NewUser = { name: string; handle: string } & (
  { kind: 'person'; email: string; password: string } | { kind: 'bot' }
)

/**
 * Adds somebody from the operator's side, whatever the sign-up policy says. The first person owns the server.
 * @throws AppError PASSWORD_TOO_COMMON, HANDLE_TAKEN; SIGN_UP_REFUSED when the address belongs to somebody.
 */
export async function createUser(
  accounts: Accounts,
  commit: Commit,
  input: NewUser,
): Promise<Self> {
  const { kind, name, handle } = input
  if (kind === 'bot')
    return commit((trx) =>
      createPerson(trx, { kind, name, handle, email: null, passwordHash: null }),
    )
  const { email, password } = input
  refuseCommonPassword(password, [email, handle, name])
  const passwordHash = await accounts.hasher.hash(password)
  return commit((trx) => createPerson(trx, { kind, name, handle, email, passwordHash }))
}
