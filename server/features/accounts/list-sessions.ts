import { sql, type Kysely } from 'kysely'
import type { Database } from '../../../db/schema.ts'
import type { Actor } from '../../context.ts'
import type { Session } from './accounts.schema.ts'

/** Where the actor is signed in, last used first. */
export async function listSessions(db: Kysely<Database>, actor: Actor): Promise<Session[]> {
  const rows = await db
    .selectFrom('sessions')
    .select(['id', 'createdAt', 'lastSeenAt', 'expiresAt', 'userAgent', 'address'])
    .where('userId', '=', actor.id)
    .where('expiresAt', '>', sql<Date>`clock_timestamp()`)
    .where('endsAt', '>', sql<Date>`clock_timestamp()`)
    .orderBy('lastSeenAt', 'desc')
    .orderBy('id', 'desc')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    current: actor.via.type === 'session' && actor.via.sessionId === row.id,
    createdAt: row.createdAt.toISOString(),
    lastSeenAt: row.lastSeenAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    userAgent: row.userAgent,
    address: row.address,
  }))
}
