import { sql, type Kysely } from 'kysely'
import type { Database } from '../../../db/schema.ts'
import { batchCalls } from '../../batch-calls.ts'

/** Notes when sessions were last seen and tokens last used: once a minute each at most, those of one moment together. */
export interface SeenMarker {
  session(id: string): Promise<void>
  token(id: string): Promise<void>
}

/** One batch after the other: what comes meanwhile goes together in the next. */
const pace = { most: 500, atOnce: 1, apart: 100 }

export function createSeenMarker(db: Kysely<Database>): SeenMarker {
  // Again in the database: of many requests at once, over several instances, one writes. What another one is writing
  // at this moment is left to it: two that wait for each other's rows would be a deadlock.
  const sessions = batchCalls(async (ids: readonly string[]) => {
    await sql`
      update sessions set last_seen_at = clock_timestamp() where id in (
        select id from sessions
        where id = any(${ids}::uuid[]) and last_seen_at < clock_timestamp() - interval '1 minute'
        for no key update skip locked)`.execute(db)
    return ids.map(() => undefined)
  }, pace)
  const tokens = batchCalls(async (ids: readonly string[]) => {
    await sql`
      update tokens set last_used_at = clock_timestamp() where id in (
        select id from tokens
        where id = any(${ids}::uuid[])
          and coalesce(last_used_at < clock_timestamp() - interval '1 minute', true)
        for no key update skip locked)`.execute(db)
    return ids.map(() => undefined)
  }, pace)
  return { session: sessions, token: tokens }
}
