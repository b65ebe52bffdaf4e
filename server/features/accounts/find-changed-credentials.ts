import { sql, type Kysely } from 'kysely'
import { arrayLiteral } from '../../../db/array-literal.ts'
import type { Database } from '../../../db/schema.ts'
import type { Actor } from '../../context.ts'
import { credentialIdOf } from './credential-id-of.ts'

/**
 * Those of these credentials with which somebody may do something else now than these actors say: their role, or null
 * where the session or token is no longer good (it was ended, or its time is over). By the credential's id. Usually none:
 * thousands are asked about, and rows of those that are as they were would be garbage.
 */
export async function findChangedCredentials(
  db: Kysely<Database>,
  actors: readonly Actor[],
): Promise<ReadonlyMap<string, Actor['role'] | null>> {
  if (actors.length === 0) return new Map()
  const ids = arrayLiteral(actors.map(credentialIdOf))
  const roles = arrayLiteral(actors.map(({ role }) => role))
  const { rows } = await sql<{ id: string; role: Actor['role'] | null }>`
    select asked.id, u.role from unnest(${ids}::uuid[], ${roles}::text[]) as asked (id, role)
    left join lateral (
      select user_id from sessions
      where id = asked.id and expires_at > clock_timestamp() and ends_at > clock_timestamp()
      union all
      select user_id from tokens
      where id = asked.id and (expires_at is null or expires_at > clock_timestamp())
    ) credential on true
    left join users u on u.id = credential.user_id and u.deactivated_at is null
    where u.role is distinct from asked.role`.execute(db)
  return new Map(rows.map(({ id, role }) => [id, role]))
}
