import { sql, type Kysely, type RawBuilder } from 'kysely'
import type { Database } from '../../../db/schema.ts'
import { threadNotFound } from '../threads/require-participant.ts'
import type { MessageRow } from './message-dto.ts'

/** Messages before and after a place in a thread, as they are at one moment. */
export interface Neighbours {
  /** seq of the thread's newest event at that moment. */
  head: number
  /** Newest first. */
  older: MessageRow[]
  /** Oldest first. */
  newer: MessageRow[]
}

export interface Place {
  threadId: string
  /** Between this seq, which counts as older, and the next. */
  seq: number
  /** At least so many of the older and the newer ones, if there are; rather more. At most 101. */
  older: number
  newer: number
}

/**
 * What the statement asks for: one of few sizes. Being part of its text they let Postgres plan it once for all places
 * and threads; the size as a parameter would make it plan anew each time.
 */
const sizes = [0, 1, 51, 101] as const

/** The messages of one side, column by column: a page is one value to read, not hundreds. Null when there are none. */
interface Columns {
  id: string[] | null
  seq: number[] | null
  text: string[] | null
  client: string[] | null
  created: string[] | null
  edited: (string | null)[] | null
  deleted: (string | null)[] | null
  author: string[] | null
  kind: MessageRow['authorKind'][] | null
  name: string[] | null
  handle: string[] | null
}

/**
 * Reads on both sides of a place in one statement, and so in one snapshot, which costs the same anywhere in a thread
 * of any length. As everywhere, the thread is reached through the reader's own participation.
 * @throws AppError THREAD_NOT_FOUND
 */
export async function readPage(
  db: Kysely<Database>,
  readerId: string,
  { threadId, seq, older, newer }: Place,
): Promise<Neighbours> {
  const { rows } = await sql<{ head: number; older: Columns | null; newer: Columns | null }>`
    select s.head,
      ${side(sql`m.seq <= ${seq} order by m.seq desc`, older)} as older,
      ${side(sql`m.seq > ${seq} order by m.seq`, newer)} as newer
    from participants p join streams s on s.id = p.thread_id
    where p.thread_id = ${threadId} and p.user_id = ${readerId} and p.left_seq is null`.execute(db)
  const [row] = rows
  if (!row) throw threadNotFound()
  const thread = threadId.toLowerCase()
  return { head: row.head, older: rowsOf(thread, row.older), newer: rowsOf(thread, row.newer) }
}

function side(which: RawBuilder<unknown>, atLeast: number): RawBuilder<Columns | null> {
  const size = sizes.find((each) => each >= atLeast) ?? 101
  if (size === 0) return sql`null`
  return sql`(
    select json_build_object('id', json_agg(o.id), 'seq', json_agg(o.seq), 'text', json_agg(o.text),
      'client', json_agg(o.client_id), 'created', json_agg(o.created_at), 'edited', json_agg(o.edited_at),
      'deleted', json_agg(o.deleted_at), 'author', json_agg(o.author_id), 'kind', json_agg(o.kind),
      'name', json_agg(o.name), 'handle', json_agg(o.handle))
    from (
      select m.*, u.kind, u.name, u.handle from messages m join users u on u.id = m.author_id
      where m.thread_id = p.thread_id and ${which} limit ${sql.lit(size)}
    ) o)`
}

function rowsOf(threadId: string, columns: Columns | null): MessageRow[] {
  return (columns?.id ?? []).map((id, index) => {
    const of = <T>(column: T[] | null | undefined): T => {
      const value = column?.[index]
      if (value === undefined) throw new Error('a page of messages lacks a column')
      return value
    }
    const timeOf = (text: string | null) => (text === null ? null : new Date(text))
    return {
      id,
      threadId,
      seq: of(columns?.seq),
      text: of(columns?.text),
      clientId: of(columns?.client),
      createdAt: new Date(of(columns?.created)),
      editedAt: timeOf(of(columns?.edited)),
      deletedAt: timeOf(of(columns?.deleted)),
      authorId: of(columns?.author),
      authorKind: of(columns?.kind),
      authorName: of(columns?.name),
      authorHandle: of(columns?.handle),
    }
  })
}
