import type { Selectable } from 'kysely'
import type { ThreadsTable } from '../../../db/schema.ts'
import type { Thread } from './threads.schema.ts'

/** The columns of a thread that everyone in it may know. */
export const threadColumns = [
  'threads.id',
  'threads.kind',
  'threads.title',
  'threads.topic',
  'threads.parentMessageId',
  'threads.createdBy',
  'threads.createdAt',
  'threads.archivedAt',
] as const

export type ThreadRow = Pick<
  Selectable<ThreadsTable>,
  'id' | 'kind' | 'title' | 'topic' | 'parentMessageId' | 'createdBy' | 'createdAt' | 'archivedAt'
>

export function toThread(row: ThreadRow): Thread {
  return {
    id: row.id,
    kind: row.kind,
    title: row.title,
    topic: row.topic,
    parentMessageId: row.parentMessageId,
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
    archivedAt: row.archivedAt?.toISOString() ?? null,
  }
}
