import { sql, type Kysely } from 'kysely'

/**
 * A message is written, and its event, and the head of its stream: no more. What its thread knew of its newest message is
 * read off the messages. A payload is kept as the text that clients get: Postgres need not take it apart to keep it, nor
 * put it together again. A fifth of what posting costs the database (docs/decisions/012).
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const postMessages = `
create function post_messages_0006(
  ids uuid[], thread_ids uuid[], author_ids uuid[], client_ids text[], texts text[],
  mention_places int[], mention_handles text[], lock_patience text
) returns table (
  -- Of the send, from 1 on. A send without a row has no participation.
  place bigint,
  archived boolean, author_kind text, author_name text, author_handle text,
  -- Of a message that is posted by this: its number and time, in milliseconds since 1970.
  posted_seq bigint, posted_at bigint,
  -- Of the message that its clientId made before.
  sent_id uuid, sent_thread_id uuid, sent_seq bigint, sent_text text,
  sent_at timestamptz, edited_at timestamptz, deleted_at timestamptz
) language plpgsql as $$
#variable_conflict use_column
begin
  if lock_patience is not null then
    perform set_config('lock_timeout', lock_patience, true);
  end if;
  -- From here to the end of the transaction, a send and a removal are ordered, and so are a thread's messages. What
  -- follows is a statement of its own: it sees all that was committed before the locks were there.
  perform from streams where id = any (thread_ids) order by id for no key update;
  return query
  with clock as materialized (
    -- One time for all, to whole milliseconds, as clients are told it.
    select now, to_char(now at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as text
    from date_trunc('milliseconds', clock_timestamp()) as now
  ),
  looked_up as materialized (
    select send.*, stream.head, thread.archived_at, author.kind, author.name, author.handle,
      sent.id as sent_id, sent.thread_id as sent_thread_id, sent.seq as sent_seq, sent.text as sent_text,
      sent.created_at as sent_at, sent.edited_at, sent.deleted_at
    from unnest(ids, thread_ids, author_ids, client_ids, texts)
      with ordinality as send (id, thread_id, author_id, client_id, text, place)
    join participants on participants.thread_id = send.thread_id
      and participants.user_id = send.author_id and participants.left_seq is null
    join threads thread on thread.id = send.thread_id
    join streams stream on stream.id = send.thread_id
    join users author on author.id = send.author_id
    left join messages sent on sent.author_id = send.author_id and sent.client_id = send.client_id
  ),
  -- The same clientId twice among these sends is one message: the first's.
  fresh as materialized (
    select first.*, head + row_number() over (partition by thread_id order by place) as seq
    from (
      select distinct on (author_id, client_id) * from looked_up
      where sent_id is null and archived_at is null order by author_id, client_id, place
    ) first
  ),
  posted as (
    -- Waits for whoever posts with the same clientId at this moment, in whatever thread, and fails then.
    insert into messages (id, thread_id, seq, author_id, client_id, text, created_at)
    select id, thread_id, seq, author_id, client_id, fresh.text, clock.now from fresh, clock order by place
  ),
  advanced as (
    update streams set head = newest.seq
    from (select thread_id, max(seq) as seq from fresh group by thread_id) newest
    where streams.id = newest.thread_id
  ),
  written as (
    insert into events (stream_id, seq, type, version, actor_id, payload, at)
    select thread_id, seq, 'message.posted', 1, author_id,
      ('{"message":{"id":"' || id || '","threadId":"' || thread_id || '","seq":' || seq
        || ',"author":{"id":"' || author_id || '","kind":"' || kind || '","name":' || to_json(name)
        || ',"handle":' || to_json(handle) || '},"text":' || to_json(fresh.text) || ',"at":"' || clock.text
        || '","editedAt":null,"deletedAt":null,"clientId":' || to_json(client_id) || '}}')::json,
      clock.now
    from fresh, clock order by place
  ),
  -- Participants now, never the authors.
  called as (
    insert into mentions (message_id, user_id, thread_id, seq)
    select fresh.id, users.id, fresh.thread_id, fresh.seq
    from unnest(mention_places, mention_handles) as call (place, handle)
    join fresh on fresh.place = call.place
    join users on users.handle = call.handle and users.id <> fresh.author_id
    join participants on participants.thread_id = fresh.thread_id
      and participants.user_id = users.id and participants.left_seq is null
  )
  select looked_up.place, looked_up.archived_at is not null, kind, name, handle,
    fresh.seq, (extract(epoch from clock.now) * 1000)::bigint,
    looked_up.sent_id, looked_up.sent_thread_id, looked_up.sent_seq, looked_up.sent_text,
    looked_up.sent_at, looked_up.edited_at, looked_up.deleted_at
  from clock, looked_up left join (select place, seq from fresh) fresh using (place);
end
$$`

const statements = [
  // Writes the log anew, once.
  `alter table events alter column payload type json using payload::json`,
  // Under a name of its own: instances of before go on with the one that they know, until they are gone. So do the
  // columns threads.last_message_id and active_at, which nobody else looks at any more; a later migration drops them.
  postMessages,
  // Written seldom again.
  `alter table threads reset (fillfactor)`,
]
