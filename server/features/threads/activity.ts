import { sql } from 'kysely'

/**
 * When the newest message of `threads` was posted, or the thread was made: the order of lists. Looked up and not kept, so
 * that posting need not write the thread; a deleted message still counts.
 */
export const activeAt = sql<Date>`coalesce(
  (select m.created_at from messages m where m.thread_id = threads.id order by m.seq desc limit 1),
  threads.created_at)`
