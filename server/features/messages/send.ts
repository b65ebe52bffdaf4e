import pg from 'pg'
import { findMentions } from '../../../client/mentions.ts'
import type { LogEventOf } from '../../events.ts'
import { toAuthor } from '../people/person-dto.ts'
import type { Author } from '../people/people.schema.ts'
import { messageEvents } from './messages.events.ts'
import type { Message, SendInput } from './messages.schema.ts'

/** Somebody's wish to post a message. */
export interface Send extends SendInput {
  authorId: string
}

/** The send at this place, from 1 on, calls somebody by their handle. */
export interface Call {
  place: number
  handle: string
}

export function findCalls(sends: readonly Send[]): Call[] {
  return sends.flatMap(({ text }, place) =>
    findMentions(text).map((handle) => ({ place: place + 1, handle })),
  )
}

/** What the functions that post say of who sends. */
export interface AuthorColumns {
  authorKind: Author['kind']
  authorName: string
  authorHandle: string
}

export function authorOf(
  id: string,
  { authorKind: kind, authorName: name, authorHandle: handle }: AuthorColumns,
): Author {
  return toAuthor({ id, kind, name, handle })
}

/** The message that a send has become, new and as it was sent. */
export function messagePosted(
  { threadId, text, clientId }: Send,
  author: Author,
  { id, seq, at }: Pick<Message, 'id' | 'seq' | 'at'>,
): Message {
  return { id, threadId, seq, author, text, at, editedAt: null, deletedAt: null, clientId }
}

/** What the database has written to the log for it. */
export function posting(message: Message): LogEventOf<'message.posted'> {
  const { threadId: stream, seq, at, author } = message
  const { version } = messageEvents['message.posted']
  return {
    stream,
    seq,
    type: 'message.posted',
    version,
    at,
    actorId: author.id,
    payload: { message },
  }
}

/** Somebody made a message with the same clientId before, or does so at this very moment. */
export function isSameClientId(error: unknown): boolean {
  return (
    error instanceof pg.DatabaseError && error.constraint === 'messages_author_id_client_id_key'
  )
}
