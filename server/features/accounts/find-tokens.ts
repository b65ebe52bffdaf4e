import { sql, type Kysely } from 'kysely'
import type { Database } from '../../../db/schema.ts'
import type { Actor } from '../../context.ts'
import { batchCalls } from '../../batch-calls.ts'
import { findingAtOnce } from './finding-at-once.ts'

/** A bearer token that is good at this moment, and whose it is. */
export interface LivingToken {
  tokenId: string
  id: string
  kind: Actor['kind']
  role: Actor['role']
  /** Was last used more than a minute ago, or never. */
  unseen: boolean
}

/** Finds tokens by their hash, as createSessionFinder does sessions. */
export function createTokenFinder(
  db: Kysely<Database>,
): (secretHash: Buffer) => Promise<LivingToken | null> {
  return batchCalls(async (hashes: readonly Buffer[]) => {
    const { rows } = await sql<LivingToken & { hash: string }>`
      select encode(t.secret_hash, 'hex') as hash, t.id as token_id, u.id, u.kind, u.role,
        coalesce(t.last_used_at < clock_timestamp() - interval '1 minute', true) as unseen
      from tokens t join users u on u.id = t.user_id
      where t.secret_hash = any(${hashes}::bytea[]) and u.deactivated_at is null
        and (t.expires_at is null or t.expires_at > clock_timestamp())`.execute(db)
    const found = new Map(rows.map((row) => [row.hash, row]))
    return hashes.map((hash) => found.get(hash.toString('hex')) ?? null)
  }, findingAtOnce)
}
