import type { Actor } from '../../context.ts'
import { AppError } from '../../errors.ts'
import { lockStreams } from '../../log/append.ts'
import type { Commit } from '../../log/commit.ts'
import type { ChangePasswordInput } from './accounts.schema.ts'
import { refuseCommonPassword } from './common-passwords.ts'
import type { Accounts } from './create-accounts.ts'
import { endSessions } from './end-sessions.ts'
import { networkOf } from './rate-limit.ts'
import { sessionOf } from './revoke-other-sessions.ts'
import type { Origin } from './start-session.ts'

/**
 * Needs the current password, counts wrong ones as sign-in does, and ends all other sessions. Tokens go on: they were
 * made on purpose, and are revoked one by one.
 * @throws AppError PASSWORD_WRONG, PASSWORD_TOO_COMMON, RATE_LIMITED, BUSY
 */
export async function changePassword(
  accounts: Accounts,
  commit: Commit,
  actor: Actor,
  input: ChangePasswordInput,
  origin: Origin,
): Promise<void> {
  const person = await accounts.db
    .selectFrom('users')
    .select(['email', 'handle', 'name', 'passwordHash'])
    .where('id', '=', actor.id)
    .executeTakeFirstOrThrow()
  refuseCommonPassword(input.newPassword, [person.email ?? '', person.handle, person.name])
  const right = await accounts.rateLimit.countFailures(
    [
      { limit: 'signInPerAddress', of: networkOf(origin.address) },
      { limit: 'signInPerAccount', of: person.email ?? actor.id },
    ],
    () => accounts.hasher.verify(person.passwordHash, input.currentPassword),
  )
  if (!right) throw passwordWrong()
  const passwordHash = await accounts.hasher.hash(input.newPassword)
  await commit(async (trx) => {
    await lockStreams(trx, [actor.id])
    const changed = await trx
      .updateTable('users')
      .set({ passwordHash })
      .where('id', '=', actor.id)
      // Of two changes at once, the second no longer knows the current password.
      .where('passwordHash', '=', person.passwordHash)
      .returning('id')
      .executeTakeFirst()
    if (!changed) throw passwordWrong()
    await endSessions(trx, actor.id, actor.id, { except: sessionOf(actor) })
  })
}

function passwordWrong(): AppError {
  return new AppError('PASSWORD_WRONG', 'The current password is not right.')
}
