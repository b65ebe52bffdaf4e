import { sql, type Kysely } from 'kysely'

/**
 * Many messages at once, each of them new and allowed, as nearly all are. What is the same for all that somebody says in
 * a thread (a lot) is looked up and put together once, and nobody looks for a clientId that was there before: an index says
 * so, and then nothing is done. Of what a batch of 480 in a hundred threads costs the database, 36 % (docs/decisions/021);
 * a batch of four costs more than with post_messages_0008, which tells apart what this one refuses as a whole.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(postFresh).execute(db)
}

const postFresh = `
create function post_fresh_0009(
  -- Of each lot: where, who, how many.
  thread_ids uuid[], author_ids uuid[], counts int[],
  -- Of each message: its lot, from 1 on, and its place among all that is posted in its thread now, from 1 on.
  ids uuid[], lots int[], places int[], client_ids text[], texts text[],
  -- The message that calls somebody, from 1 on.
  callers int[], mention_handles text[],
  lock_patience text
) returns table (
  -- Of each lot, in the order given: the newest number in its thread before, and who its author is.
  head bigint, author_kind text, author_name text, author_handle text,
  -- The time of all of them, in milliseconds since 1970.
  posted_at bigint
) language plpgsql as $$
#variable_conflict use_column
declare
  now timestamptz;
  heads bigint[];
  kinds text[];
  names text[];
  handles text[];
  -- The middle of a lot's payloads, and how all of them go on after the text.
  authors text[];
  afterwards text;
begin
  if lock_patience is not null then
    perform set_config('lock_timeout', lock_patience, true);
  end if;
  -- As in post_messages_0008: from here on a send and a removal are ordered, and so are a thread's messages.
  perform from streams where id = any (thread_ids) order by id for no key update;
  -- To whole milliseconds, as clients are told it.
  now := date_trunc('milliseconds', clock_timestamp());
  afterwards := concat(',"at":"', to_char(now at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
    '","editedAt":null,"deletedAt":null,"clientId":');
  select array_agg(stream.head order by place), array_agg(author.kind order by place),
    array_agg(author.name order by place), array_agg(author.handle order by place),
    array_agg(concat(',"author":{"id":"', author.id, '","kind":"', author.kind, '","name":', to_json(author.name),
      ',"handle":', to_json(author.handle), '},"text":') order by place)
  into heads, kinds, names, handles, authors
  from unnest(thread_ids, author_ids) with ordinality as lot (thread_id, author_id, place)
  cross join lateral (
    select from participants
    where thread_id = lot.thread_id and user_id = lot.author_id and left_seq is null offset 0
  ) participation
  join threads thread on thread.id = lot.thread_id and thread.archived_at is null
  join streams stream on stream.id = lot.thread_id
  join users author on author.id = lot.author_id;
  if cardinality(heads) is distinct from cardinality(thread_ids) then
    raise exception 'not all of these may be posted' using errcode = 'SK001';
  end if;
  -- Fails where a clientId was there before, also twice among these.
  insert into messages (id, thread_id, seq, author_id, client_id, text, created_at)
  select id, thread_ids[lot], heads[lot] + place, author_ids[lot], client_id, send.text, now
  from unnest(ids, lots, places, client_ids, texts) as send (id, lot, place, client_id, text);
  insert into events (stream_id, seq, type, version, actor_id, payload, at)
  select thread_ids[lot], heads[lot] + place, 'message.posted', 1, author_ids[lot],
    concat('{"message":{"id":"', id, '","threadId":"', thread_ids[lot], '","seq":', heads[lot] + place,
      authors[lot], to_json(send.text), afterwards, to_json(client_id), '}}')::json,
    now
  from unnest(ids, lots, places, client_ids, texts) as send (id, lot, place, client_id, text);
  update streams set head = head + grown.by
  from (
    select thread_id, sum(count) as by from unnest(thread_ids, counts) as lot (thread_id, count) group by thread_id
  ) grown
  where streams.id = grown.thread_id;
  if cardinality(callers) > 0 then
    -- Participants now, never the authors.
    insert into mentions (message_id, user_id, thread_id, seq)
    select ids[caller], users.id, thread_ids[lots[caller]], heads[lots[caller]] + places[caller]
    from unnest(callers, mention_handles) as call (caller, handle)
    join users on users.handle = call.handle and users.id <> author_ids[lots[caller]]
    join participants on participants.thread_id = thread_ids[lots[caller]]
      and participants.user_id = users.id and participants.left_seq is null;
  end if;
  return query
  select heads[lot], kinds[lot], names[lot], handles[lot], (extract(epoch from now) * 1000)::bigint
  from generate_subscripts(heads, 1) as lot
  order by lot;
end
$$`
