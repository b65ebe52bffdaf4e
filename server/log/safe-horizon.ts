import { sql, type RawBuilder } from 'kysely'

/**
 * The horizon at a snapshot (an SQL expression): the oldest transaction that is open, but not beyond the newest event.
 * Ids that no event has may be given out again after a crash of the database, since nothing that was kept names them;
 * a horizon beyond them would pass what is written under them later.
 */
export function safeHorizon(snapshot: RawBuilder<unknown>): RawBuilder<string> {
  return sql<string>`least(
    pg_snapshot_xmin(${snapshot}),
    coalesce((select (xid::text::numeric + 1)::text::xid8 from events order by xid desc limit 1), '0'::xid8)
  )`
}

export const currentSnapshot = sql`pg_current_snapshot()`
