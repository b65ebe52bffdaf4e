import { sql, type Kysely } from 'kysely'
import type { Database } from '../../../db/schema.ts'
import type { Actor } from '../../context.ts'
import { batchCalls } from '../../batch-calls.ts'
import { findingAtOnce } from './finding-at-once.ts'

/** A session that is good at this moment. Times are milliseconds from now, by the database's clock. */
export interface LivingSession {
  id: string
  userId: string
  expiresIn: number
  endsIn: number
  userAgent: string | null
  address: string | null
  kind: Actor['kind']
  role: Actor['role']
  /** Was last seen more than a minute ago. */
  unseen: boolean
}

/**
 * Finds sessions by the hash of their secret; null where there is none, or it has ended. When a thousand connections
 * come back at once, those of one moment are looked up together. Every answer is read after its question was asked,
 * so a session that was ended is refused at once.
 */
export function createSessionFinder(
  db: Kysely<Database>,
): (secretHash: Buffer) => Promise<LivingSession | null> {
  return batchCalls(async (hashes: readonly Buffer[]) => {
    const { rows } = await sql<LivingSession & { hash: string }>`
      select encode(s.secret_hash, 'hex') as hash, s.id, s.user_id, s.user_agent, s.address, u.kind, u.role,
        extract(epoch from s.expires_at - clock_timestamp())::float8 * 1000 as expires_in,
        extract(epoch from s.ends_at - clock_timestamp())::float8 * 1000 as ends_in,
        s.last_seen_at < clock_timestamp() - interval '1 minute' as unseen
      from sessions s join users u on u.id = s.user_id
      where s.secret_hash = any(${hashes}::bytea[]) and u.deactivated_at is null
        and s.expires_at > clock_timestamp() and s.ends_at > clock_timestamp()`.execute(db)
    const found = new Map(rows.map((row) => [row.hash, row]))
    return hashes.map((hash) => found.get(hash.toString('hex')) ?? null)
  }, findingAtOnce)
}
