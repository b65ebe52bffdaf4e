import { sql } from 'kysely'
import type { EventHandler } from '../../log/event-handler.ts'
import { messageEvents } from '../messages/messages.events.ts'

/**
 * Keeps for everyone what calls for their attention: messages that mention them, and those in their direct threads.
 * As the messages are now, not as they were: an edit may add a mention or take one back, and what was deleted calls
 * nobody.
 */
export const notify: EventHandler<'message.posted' | 'message.edited' | 'message.deleted'> = {
  on: ['message.posted', 'message.edited', 'message.deleted'],
  skips: sql<boolean>`events.type = 'message.posted' and events.version = ${messageEvents['message.posted'].version}
    and not exists (select from threads t where t.id = events.stream_id and t.kind = 'direct')
    and not exists (
      select from messages m join mentions on mentions.message_id = m.id
      where m.thread_id = events.stream_id and m.seq = events.seq
    )`,
  // Most messages call nobody, and what is for direct threads comes with the next look.
  hurries: ({ type, payload }) =>
    (type === 'message.posted' || type === 'message.edited') && payload.message.text.includes('@'),
  async apply(trx, events) {
    const ids = [...new Set(events.map(({ payload }) => payload.message.id))]
    await sql`
      with called as materialized (
        select distinct on (user_id, message_id) user_id, message_id, cause from (
          select user_id, message_id, 'mention' as cause from mentions where message_id = any(${ids}::uuid[])
          union all
          select p.user_id, m.id, 'direct' from messages m
          join threads t on t.id = m.thread_id and t.kind = 'direct'
          join participants p on p.thread_id = t.id and p.left_seq is null and p.user_id <> m.author_id
          where m.id = any(${ids}::uuid[])
        ) reasons order by user_id, message_id, cause desc
      ), gone as (
        delete from notifications n using messages m
        where n.message_id = m.id and m.id = any(${ids}::uuid[])
          and (m.deleted_at is not null or not exists (
            select from called c where c.user_id = n.user_id and c.message_id = n.message_id
          ))
      )
      insert into notifications (user_id, message_id, thread_id, seq, cause)
      select c.user_id, m.id, m.thread_id, m.seq, c.cause
      from called c join messages m on m.id = c.message_id and m.deleted_at is null
      on conflict (user_id, message_id) do update set cause = excluded.cause
        where notifications.cause <> excluded.cause`.execute(trx)
  },
}
