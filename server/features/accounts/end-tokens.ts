import { appendEvent } from '../../log/append.ts'
import type { Trx } from '../../log/commit.ts'

/**
 * Ends one token of a person, or all of them, and says so on their stream, which must be locked.
 * @returns how many were ended.
 */
export async function endTokens(
  trx: Trx,
  actorId: string,
  userId: string,
  only?: string,
): Promise<number> {
  let ending = trx.deleteFrom('tokens').where('userId', '=', userId)
  if (only !== undefined) ending = ending.where('id', '=', only)
  const rows = await ending.returning('id').execute()
  for (const { id } of rows)
    await appendEvent(trx, userId, 'token.revoked', actorId, { tokenId: id })
  return rows.length
}
