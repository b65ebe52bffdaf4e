import { sql, type Kysely } from 'kysely'
import type { Database } from '../../../db/schema.ts'
import type { Actor } from '../../context.ts'

/**
 * What each of these may do now, in their order; null for whose session or token is no longer good: it was ended, or its
 * time is over.
 */
export async function findCurrentRoles(
  db: Kysely<Database>,
  actors: readonly Actor[],
): Promise<(Actor['role'] | null)[]> {
  if (actors.length === 0) return []
  const ids = actors.map(({ via }) => (via.type === 'session' ? via.sessionId : via.tokenId))
  const { rows } = await sql<{ id: string; role: Actor['role'] }>`
    select credential.id, u.role from (
      select id, user_id from sessions
      where id = any(${ids}::uuid[]) and expires_at > clock_timestamp() and ends_at > clock_timestamp()
      union all
      select id, user_id from tokens
      where id = any(${ids}::uuid[]) and (expires_at is null or expires_at > clock_timestamp())
    ) credential
    join users u on u.id = credential.user_id where u.deactivated_at is null`.execute(db)
  const roles = new Map(rows.map(({ id, role }) => [id, role]))
  return ids.map((id) => roles.get(id) ?? null)
}
