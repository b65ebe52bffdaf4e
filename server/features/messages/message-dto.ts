import type { Kysely, Selectable } from 'kysely'
import type { Database, MessagesTable, UsersTable } from '../../../db/schema.ts'
import { toAuthor } from '../people/person-dto.ts'
import type { Message } from './messages.schema.ts'

type User = Selectable<UsersTable>

export type MessageRow = Omit<Selectable<MessagesTable>, 'authorId'> & {
  authorId: User['id']
  authorKind: User['kind']
  authorName: User['name']
  authorHandle: User['handle']
}

/** Messages with who wrote them, as that person is called now. */
export function selectMessages(db: Kysely<Database>) {
  return db
    .selectFrom('messages')
    .innerJoin('users as author', 'author.id', 'messages.authorId')
    .select([
      'messages.id',
      'messages.threadId',
      'messages.seq',
      'messages.text',
      'messages.clientId',
      'messages.createdAt',
      'messages.editedAt',
      'messages.deletedAt',
      'author.id as authorId',
      'author.kind as authorKind',
      'author.name as authorName',
      'author.handle as authorHandle',
    ])
}

export function toMessage(row: MessageRow): Message {
  return {
    id: row.id,
    threadId: row.threadId,
    seq: row.seq,
    author: toAuthor({
      id: row.authorId,
      kind: row.authorKind,
      name: row.authorName,
      handle: row.authorHandle,
    }),
    text: row.deletedAt ? '' : row.text,
    at: row.createdAt.toISOString(),
    editedAt: row.editedAt?.toISOString() ?? null,
    deletedAt: row.deletedAt?.toISOString() ?? null,
    clientId: row.clientId,
  }
}
