import { sql, type Kysely } from 'kysely'

/**
 * A message moves its thread's newest message and activity. An index on the activity made each such move a new entry
 * in every index of the table. Without it, and with room in the page, a row is renewed in place.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  `drop index threads_open`,
  // Open threads are few enough to be sorted by activity when somebody browses them.
  `create index threads_open on threads (id) where kind = 'open' and archived_at is null`,
  `alter table threads set (fillfactor = 50)`,
  // Written in the statement that writes the message, which is never deleted. Checked, it was looked for through all
  // messages, as long as the connection's plan was from when there were few.
  `alter table threads drop constraint threads_last_message_id_fkey`,
]
