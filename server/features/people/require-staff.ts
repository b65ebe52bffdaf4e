import { AppError } from '../../errors.ts'
import type { Trx } from '../../log/commit.ts'
import type { PersonRole } from './people.schema.ts'

/**
 * The actor's role as it is now, with the server's stream locked: the one known when the call came in may have been
 * taken away while it waited.
 * @throws AppError NOT_ALLOWED
 */
export async function requireStaff(
  trx: Trx,
  actorId: string,
  roles: readonly PersonRole[],
): Promise<PersonRole> {
  const row = await trx
    .selectFrom('users')
    .select('role')
    .where('id', '=', actorId)
    .where('deactivatedAt', 'is', null)
    .executeTakeFirst()
  if (!row || !roles.includes(row.role))
    throw new AppError('NOT_ALLOWED', `Only ${roles.join(' or ')} may do this.`)
  return row.role
}
