import { sql, type Kysely } from 'kysely'

/** The first schema: people and sessions, the log, threads and messages. Written as SQL: it is read more often than run. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  // RFC 9562 version 7 with 48 bits of database time; Postgres has its own only from 18 on.
  `create function uuid_v7() returns uuid language sql volatile parallel safe as $$
     select encode(
       set_bit(set_bit(
         overlay(uuid_send(gen_random_uuid())
           placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3)
           from 1 for 6),
         52, 1), 53, 1), 'hex')::uuid
   $$`,

  `create table streams (
     id   uuid primary key,
     kind text not null check (kind in ('thread', 'user', 'server')),
     head bigint not null default 0
   ) with (fillfactor = 70)`,

  `create table events (
     stream_id uuid not null references streams (id),
     seq       bigint not null,
     xid       xid8 not null default pg_current_xact_id(),
     type      text not null,
     version   int not null default 1,
     actor_id  uuid,
     payload   jsonb not null,
     at        timestamptz not null default clock_timestamp(),
     primary key (stream_id, seq)
   )`,
  // Resume reads one viewer's streams from a horizon on; the sweep reads the newest of all streams.
  `create index events_by_stream_and_xid on events (stream_id, xid)`,
  `create index events_by_xid on events (xid)`,

  `create table server (
     id              boolean primary key default true check (id),
     stream_id       uuid not null references streams (id),
     name            text not null,
     sign_up         text not null check (sign_up in ('open', 'domains', 'invitation')),
     sign_up_domains text[] not null default '{}',
     epoch           uuid not null default gen_random_uuid(),
     epoch_source    text,
     created_at      timestamptz not null default clock_timestamp()
   )`,
  `with stream as (insert into streams (id, kind) values (uuid_v7(), 'server') returning id)
   insert into server (stream_id, name, sign_up) select id, 'Skein', 'open' from stream`,

  `create table users (
     id             uuid primary key default uuid_v7() references streams (id) deferrable initially deferred,
     kind           text not null default 'person' check (kind in ('person', 'bot')),
     email          text unique check (email = lower(email)),
     password_hash  text,
     name           text not null,
     handle         text not null unique check (handle = lower(handle)),
     role           text not null default 'member' check (role in ('owner', 'admin', 'member')),
     title          text not null default '',
     time_zone      text,
     status_text    text,
     status_emoji   text,
     status_until   timestamptz,
     created_at     timestamptz not null default clock_timestamp(),
     deactivated_at timestamptz
   )`,

  `create table sessions (
     id           uuid primary key default uuid_v7(),
     secret_hash  bytea not null unique,
     user_id      uuid not null references users (id) on delete cascade,
     created_at   timestamptz not null default clock_timestamp(),
     expires_at   timestamptz not null,
     ends_at      timestamptz not null,
     last_seen_at timestamptz not null default clock_timestamp(),
     user_agent   text,
     address      text
   )`,
  `create index sessions_by_user on sessions (user_id)`,
  `create index sessions_by_expiry on sessions (expires_at)`,

  `create table tokens (
     id           uuid primary key default uuid_v7(),
     secret_hash  bytea not null unique,
     user_id      uuid not null references users (id) on delete cascade,
     name         text not null,
     created_at   timestamptz not null default clock_timestamp(),
     last_used_at timestamptz,
     expires_at   timestamptz
   )`,
  `create index tokens_by_user on tokens (user_id)`,

  `create table invitations (
     id          uuid primary key default uuid_v7(),
     secret_hash bytea not null unique,
     created_by  uuid not null references users (id),
     note        text not null default '',
     max_uses    int check (max_uses > 0),
     uses        int not null default 0,
     created_at  timestamptz not null default clock_timestamp(),
     expires_at  timestamptz,
     revoked_at  timestamptz
   )`,

  `create unlogged table rate_limits (
     key               text primary key,
     count             int not null,
     window_started_at timestamptz not null default clock_timestamp()
   )`,

  `create table threads (
     id                uuid primary key references streams (id),
     kind              text not null check (kind in ('open', 'private', 'direct')),
     title             text,
     topic             text not null default '',
     parent_message_id uuid,
     direct_key        text unique,
     created_by        uuid not null references users (id),
     client_id         text not null,
     created_at        timestamptz not null default clock_timestamp(),
     archived_at       timestamptz,
     last_message_id   uuid,
     active_at         timestamptz not null default clock_timestamp(),
     unique (created_by, client_id),
     check ((kind = 'direct') = (direct_key is not null)),
     check (kind = 'direct' or title is not null)
   )`,
  `create index threads_open on threads (active_at desc) where kind = 'open' and archived_at is null`,

  `create table participants (
     thread_id  uuid not null references threads (id),
     user_id    uuid not null references users (id),
     role       text not null check (role in ('owner', 'moderator', 'member', 'guest')),
     joined_at  timestamptz not null default clock_timestamp(),
     joined_seq bigint not null,
     left_seq   bigint,
     primary key (thread_id, user_id)
   )`,
  `create index participants_by_user on participants (user_id, thread_id)`,

  `create table messages (
     id         uuid primary key default uuid_v7(),
     thread_id  uuid not null references threads (id),
     seq        bigint not null,
     author_id  uuid not null references users (id),
     client_id  text not null,
     text       text not null,
     created_at timestamptz not null default clock_timestamp(),
     edited_at  timestamptz,
     deleted_at timestamptz,
     unique (thread_id, seq),
     unique (author_id, client_id)
   )`,
  `alter table threads add foreign key (parent_message_id) references messages (id)`,
  `alter table threads add foreign key (last_message_id) references messages (id)`,

  `create table message_edits (
     message_id    uuid not null references messages (id),
     seq           bigint not null,
     client_id     text,
     editor_id     uuid not null references users (id),
     previous_text text not null,
     at            timestamptz not null default clock_timestamp(),
     primary key (message_id, seq),
     unique (editor_id, client_id)
   )`,

  `create table mentions (
     message_id uuid not null references messages (id),
     user_id    uuid not null references users (id),
     thread_id  uuid not null,
     seq        bigint not null,
     primary key (message_id, user_id)
   )`,
  `create index mentions_by_reader on mentions (user_id, thread_id, seq)`,

  `create table read_positions (
     user_id   uuid not null references users (id),
     thread_id uuid not null references threads (id),
     seq       bigint not null,
     at        timestamptz not null default clock_timestamp(),
     primary key (user_id, thread_id)
   ) with (fillfactor = 70)`,
]
