import { sql } from 'kysely'
import type { Trx } from '../../log/commit.ts'
import { findMentions } from '../../../client/mentions.ts'

interface Mentioning {
  id: string
  text: string
}

/** Keeps whom the messages call: participants of their threads now, never their authors. */
async function recordMentions(trx: Trx, messages: readonly Mentioning[]): Promise<void> {
  const calls = messages.flatMap(({ id, text }) =>
    findMentions(text).map((handle) => ({ id, handle })),
  )
  if (calls.length === 0) return
  await sql`
    insert into mentions (message_id, user_id, thread_id, seq)
    select m.id, u.id, m.thread_id, m.seq
    from unnest(${calls.map(({ id }) => id)}::uuid[], ${calls.map(({ handle }) => handle)}::text[])
      as called (message_id, handle)
    join messages m on m.id = called.message_id
    join users u on u.handle = called.handle and u.id <> m.author_id
    join participants p on p.thread_id = m.thread_id and p.user_id = u.id and p.left_seq is null`.execute(
    trx,
  )
}

/** The same for a message that says something else now: whom it called before is forgotten. */
export async function recordMentionsAnew(
  trx: Trx,
  message: Mentioning,
  before: string,
): Promise<void> {
  if (findMentions(before).length > 0)
    await trx.deleteFrom('mentions').where('messageId', '=', message.id).execute()
  await recordMentions(trx, [message])
}
