import { sql } from 'kysely'
import type { Trx } from '../../log/commit.ts'
import { findMentions } from '../../../client/mentions.ts'

/**
 * Keeps whom a message calls that says something else now: participants of its thread, never its author. Whom it
 * called before is forgotten.
 */
export async function recordMentions(
  trx: Trx,
  { id, text }: { id: string; text: string },
  before: string,
): Promise<void> {
  if (findMentions(before).length > 0)
    await trx.deleteFrom('mentions').where('messageId', '=', id).execute()
  const handles = findMentions(text)
  if (handles.length === 0) return
  await sql`
    insert into mentions (message_id, user_id, thread_id, seq)
    select m.id, u.id, m.thread_id, m.seq
    from messages m
    join users u on u.handle = any(${handles}::text[]) and u.id <> m.author_id
    join participants p on p.thread_id = m.thread_id and p.user_id = u.id and p.left_seq is null
    where m.id = ${id}`.execute(trx)
}
