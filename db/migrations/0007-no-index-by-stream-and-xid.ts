import { sql, type Kysely } from 'kysely'

/**
 * Who comes back is looked after through the stream's own order (features/events/thread-access.ts); nothing asks for this
 * index any more, and every event had to be written to it.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`drop index events_by_stream_and_xid`.execute(db)
}
