import { AppError } from '../../errors.ts'
import type { Trx } from '../../log/commit.ts'

/**
 * A server without an owner could never be changed again. With the server's stream locked.
 * @throws AppError LAST_OWNER when nobody but this person owns it.
 */
export async function requireAnotherOwner(trx: Trx, personId: string): Promise<void> {
  const other = await trx
    .selectFrom('users')
    .select('id')
    .where('role', '=', 'owner')
    .where('deactivatedAt', 'is', null)
    .where('id', '<>', personId)
    .limit(1)
    .executeTakeFirst()
  if (!other) throw new AppError('LAST_OWNER', 'Make somebody else owner first.')
}
