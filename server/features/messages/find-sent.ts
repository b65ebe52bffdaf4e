import { sql } from 'kysely'
import type { Trx } from '../../log/commit.ts'
import { toMessage, type MessageRow } from './message-dto.ts'
import type { Message } from './messages.schema.ts'

/** What makes a send the same as an earlier one. */
export interface SendIdentity {
  authorId: string
  clientId: string
}

/**
 * The messages that these sends made before, whoever may read them by now: for those who were let out of the thread
 * between a send whose answer was lost and its repetition. It tells them nothing but what they said themselves.
 */
export async function findSent(trx: Trx, sends: readonly SendIdentity[]): Promise<Message[]> {
  if (sends.length === 0) return []
  const { rows } = await sql<MessageRow>`
    select message.*, author.kind as author_kind, author.name as author_name, author.handle as author_handle
    from unnest(
      ${sends.map(({ authorId }) => authorId)}::uuid[], ${sends.map(({ clientId }) => clientId)}::text[]
    ) as send (author_id, client_id)
    -- Each by its whole key, as in post_messages_0008.
    cross join lateral (
      select * from messages where author_id = send.author_id and client_id = send.client_id offset 0
    ) message
    join users author on author.id = send.author_id`.execute(trx)
  return rows.map(toMessage)
}
