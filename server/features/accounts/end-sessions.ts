import { appendEvent } from '../../log/append.ts'
import type { Trx } from '../../log/commit.ts'

/**
 * Ends a person's sessions and says so on their stream, which must be locked: every instance closes what lives by
 * them.
 * @param which all but one, one, or all.
 * @returns how many were ended.
 */
export async function endSessions(
  trx: Trx,
  actorId: string,
  userId: string,
  which: { except: string | null } | { only: string },
): Promise<number> {
  let ending = trx.deleteFrom('sessions').where('userId', '=', userId)
  if ('only' in which) ending = ending.where('id', '=', which.only)
  else if (which.except !== null) ending = ending.where('id', '<>', which.except)
  const rows = await ending.returning('id').execute()
  for (const { id } of rows)
    await appendEvent(trx, userId, 'session.ended', actorId, { sessionId: id })
  return rows.length
}
