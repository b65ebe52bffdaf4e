import { sql, type Kysely } from 'kysely'

/** Reactions to events: how far each handler has come, what it could not handle, and the first one's rows. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  `create table event_handlers (
     name    text primary key,
     horizon xid8 not null
   )`,

  `create table dead_letters (
     id         uuid primary key default uuid_v7(),
     handler    text not null,
     stream_id  uuid not null,
     seq        bigint not null,
     type       text not null,
     reason     text not null,
     attempts   int not null,
     at         timestamptz not null default clock_timestamp(),
     retry_at   timestamptz,
     applied_at timestamptz,
     unique (handler, stream_id, seq)
   )`,
  `create index dead_letters_due on dead_letters (retry_at) where retry_at is not null`,

  `create table notifications (
     user_id    uuid not null references users (id),
     message_id uuid not null references messages (id),
     thread_id  uuid not null,
     seq        bigint not null,
     cause      text not null check (cause in ('mention', 'direct')),
     at         timestamptz not null default clock_timestamp(),
     primary key (user_id, message_id)
   )`,
  `create index notifications_by_message on notifications (message_id)`,
]
