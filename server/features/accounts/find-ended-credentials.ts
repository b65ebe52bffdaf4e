import { sql, type Kysely } from 'kysely'
import type { Database } from '../../../db/schema.ts'
import type { Actor } from '../../context.ts'

/** Which of these sessions and tokens are no longer good, because they were ended or their time is over. */
export async function findEndedCredentials(
  db: Kysely<Database>,
  actors: readonly Actor[],
): Promise<(actor: Actor) => boolean> {
  const sessionIds = actors.flatMap(({ via }) => (via.type === 'session' ? [via.sessionId] : []))
  const tokenIds = actors.flatMap(({ via }) => (via.type === 'token' ? [via.tokenId] : []))
  const good = new Set<string>()
  if (sessionIds.length > 0) {
    const rows = await db
      .selectFrom('sessions')
      .select('id')
      .where('id', '=', sql<string>`any(${sessionIds}::uuid[])`)
      .where('expiresAt', '>', sql<Date>`now()`)
      .where('endsAt', '>', sql<Date>`now()`)
      .execute()
    for (const row of rows) good.add(row.id)
  }
  if (tokenIds.length > 0) {
    const rows = await db
      .selectFrom('tokens')
      .select('id')
      .where('id', '=', sql<string>`any(${tokenIds}::uuid[])`)
      .where((eb) => eb.or([eb('expiresAt', 'is', null), eb('expiresAt', '>', sql<Date>`now()`)]))
      .execute()
    for (const row of rows) good.add(row.id)
  }
  return ({ via }) => !good.has(via.type === 'session' ? via.sessionId : via.tokenId)
}
