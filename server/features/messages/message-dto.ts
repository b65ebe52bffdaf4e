import type { Selectable } from 'kysely'
import type { MessagesTable, UsersTable } from '../../../db/schema.ts'
import { toAuthor } from '../people/person-dto.ts'
import type { Message } from './messages.schema.ts'

type User = Selectable<UsersTable>

export type MessageRow = Omit<Selectable<MessagesTable>, 'authorId'> & {
  authorId: User['id']
  authorKind: User['kind']
  authorName: User['name']
  authorHandle: User['handle']
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
