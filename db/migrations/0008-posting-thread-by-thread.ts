import { sql, type Kysely } from 'kysely'

/**
 * A batch is written thread by thread, as it was numbered, and no longer sorted by who came first: neighbours in the indexes
 * are written one after the other, and a thread's messages stand together in the table. A payload is put together in one
 * step instead of twenty. Of what posting costs the database, 6 % (docs/decisions/020).
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const postMessages = `
create function post_messages_0008(
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
      sent.created_at as sent_at, sent.edited_at, sent.deleted_at,
      sent.id is null and thread.archived_at is null as may_post
    from unnest(ids, thread_ids, author_ids, client_ids, texts)
      with ordinality as send (id, thread_id, author_id, client_id, text, place)
    -- Each by its whole key: in a table that was small when this was planned, all of a thread's would do.
    cross join lateral (
      select from participants
      where thread_id = send.thread_id and user_id = send.author_id and left_seq is null offset 0
    ) participation
    join threads thread on thread.id = send.thread_id
    join streams stream on stream.id = send.thread_id
    join users author on author.id = send.author_id
    left join lateral (
      select * from messages where author_id = send.author_id and client_id = send.client_id offset 0
    ) sent on true
  ),
  -- The same clientId twice among these sends is one message: the first's.
  marked as (
    select *, may_post
      and row_number() over (partition by author_id, client_id, may_post order by place) = 1 as is_fresh
    from looked_up
  ),
  numbered as materialized (
    select *, case when is_fresh
      then head + count(*) filter (where is_fresh) over (partition by thread_id order by place)
      end as seq
    from marked
  ),
  fresh as (select * from numbered where is_fresh),
  posted as (
    -- In the order in which they were numbered, thread by thread: the indexes are gone through from one end to the other.
    -- Waits for whoever posts with the same clientId at this moment, in whatever thread, and fails then.
    insert into messages (id, thread_id, seq, author_id, client_id, text, created_at)
    select id, thread_id, seq, author_id, client_id, fresh.text, clock.now from fresh, clock
  ),
  advanced as (
    update streams set head = newest.seq
    from (select thread_id, max(seq) as seq from fresh group by thread_id) newest
    where streams.id = newest.thread_id
  ),
  written as (
    insert into events (stream_id, seq, type, version, actor_id, payload, at)
    select thread_id, seq, 'message.posted', 1, author_id,
      concat('{"message":{"id":"', id, '","threadId":"', thread_id, '","seq":', seq,
        ',"author":{"id":"', author_id, '","kind":"', kind, '","name":', to_json(name),
        ',"handle":', to_json(handle), '},"text":', to_json(fresh.text), ',"at":"', clock.text,
        '","editedAt":null,"deletedAt":null,"clientId":', to_json(client_id), '}}')::json,
      clock.now
    from fresh, clock
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
  select place, archived_at is not null, kind, name, handle,
    seq, (extract(epoch from clock.now) * 1000)::bigint,
    sent_id, sent_thread_id, sent_seq, sent_text, sent_at, edited_at, deleted_at
  from clock, numbered;
end
$$`

const takes = 'uuid[], uuid[], uuid[], text[], text[], int[], text[], text'

const statements = [
  // Under a name of its own: instances of before go on with the one that they know, until they are gone.
  postMessages,
  // Nobody calls these any more, nor reads what the first of them wrote.
  `drop function post_messages(${takes})`,
  `drop function post_messages_0006(${takes})`,
  `alter table threads drop column last_message_id, drop column active_at`,
]
