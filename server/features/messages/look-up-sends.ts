import { sql } from 'kysely'
import { AppError } from '../../errors.ts'
import type { Trx } from '../../log/commit.ts'
import { toAuthor } from '../people/person-dto.ts'
import type { Author } from '../people/people.schema.ts'
import { threadArchived, threadNotFound } from '../threads/require-participant.ts'
import { toMessage } from './message-dto.ts'
import type { Message, SendInput } from './messages.schema.ts'

/** Somebody's wish to post a message. */
export interface Send extends SendInput {
  authorId: string
}

/** What may become of a send: it is new, it was sent before, or it is refused. */
export type SendState =
  | { is: 'new'; author: Author }
  | { is: 'sent'; message: Message }
  | { is: 'refused'; why: AppError }

interface Row {
  place: number
  archivedAt: Date | null
  authorId: string
  kind: Author['kind']
  name: string
  handle: string
  sentId: string | null
  sentThreadId: string
  seq: number
  text: string
  createdAt: Date
  editedAt: Date | null
  deletedAt: Date | null
}

/**
 * What may become of each send, all in one statement. The threads must be locked: then the answers stay true until
 * the commit. As everywhere, a thread is reached through the author's own participation, or it is not there.
 */
export async function lookUpSends(trx: Trx, sends: readonly Send[]): Promise<SendState[]> {
  const { rows } = await sql<Row>`
    select s.place, t.archived_at, u.id as author_id, u.kind, u.name, u.handle,
      m.id as sent_id, m.thread_id as sent_thread_id, m.seq, m.text, m.created_at, m.edited_at, m.deleted_at
    from unnest(
      ${sends.map(({ threadId }) => threadId)}::uuid[],
      ${sends.map(({ authorId }) => authorId)}::uuid[],
      ${sends.map(({ clientId }) => clientId)}::text[]
    ) with ordinality as s (thread_id, author_id, client_id, place)
    join participants p on p.thread_id = s.thread_id and p.user_id = s.author_id and p.left_seq is null
    join threads t on t.id = p.thread_id
    join users u on u.id = p.user_id
    -- One by one through the index: joined, a young table was read through all that its author had written.
    left join lateral (
      select * from messages where author_id = s.author_id and client_id = s.client_id limit 1
    ) m on true`.execute(trx)
  const found = new Map(rows.map((row) => [row.place, row]))
  return sends.map((send, index) => {
    const row = found.get(index + 1)
    return row ? stateOf(send, row) : { is: 'refused', why: threadNotFound() }
  })
}

function stateOf({ threadId, clientId }: Send, row: Row): SendState {
  const author = toAuthor({ ...row, id: row.authorId })
  if (row.sentId !== null) {
    if (row.sentThreadId !== threadId) return { is: 'refused', why: clientIdReused() }
    const { kind: authorKind, name: authorName, handle: authorHandle } = author
    const message = { ...row, id: row.sentId, threadId, clientId }
    return { is: 'sent', message: toMessage({ ...message, authorKind, authorName, authorHandle }) }
  }
  return row.archivedAt ? { is: 'refused', why: threadArchived() } : { is: 'new', author }
}

export function clientIdReused(): AppError {
  return new AppError('CLIENT_ID_REUSED', 'This clientId sent a message to another thread before.')
}
