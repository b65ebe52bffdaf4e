import { sql, type Kysely } from 'kysely'

/**
 * What every message pays for is no longer looked up a second time. A message is written by the statement that has just
 * reached its thread through its author's participation, an event only to a stream that its transaction has locked.
 * Participations are never deleted and still refer to both, so neither a thread nor an author can go.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  `alter table messages drop constraint messages_thread_id_fkey`,
  `alter table messages drop constraint messages_author_id_fkey`,
  `alter table events drop constraint events_stream_id_fkey`,
]
