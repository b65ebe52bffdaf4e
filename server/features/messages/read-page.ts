import { sql, type Kysely, type RawBuilder } from 'kysely'
import type { Database } from '../../../db/schema.ts'
import type { Author } from '../people/people.schema.ts'
import { threadNotFound } from '../threads/require-participant.ts'
import type { Message } from './messages.schema.ts'

/** Messages before and after a place in a thread, as they are at one moment. */
export interface Neighbours {
  /** seq of the thread's newest event at that moment. */
  head: number
  /** Newest first. */
  older: Message[]
  /** Oldest first. */
  newer: Message[]
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
  kind: Author['kind'][] | null
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
  return {
    head: row.head,
    older: messagesOf(thread, row.older),
    newer: messagesOf(thread, row.newer),
  }
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

/** Straight from the columns: a page is fifty of these, and a row and three dates for each would be most of its cost. */
function messagesOf(threadId: string, columns: Columns | null): Message[] {
  return (columns?.id ?? []).map((id, index) => {
    const of = <T>(column: T[] | null | undefined): T => {
      const value = column?.[index]
      if (value === undefined) throw new Error('a page of messages lacks a column')
      return value
    }
    const edited = of(columns?.edited)
    const deleted = of(columns?.deleted)
    return {
      id,
      threadId,
      seq: of(columns?.seq),
      author: {
        id: of(columns?.author),
        kind: of(columns?.kind),
        name: of(columns?.name),
        handle: of(columns?.handle),
      },
      text: deleted === null ? of(columns?.text) : '',
      at: isoOf(of(columns?.created)),
      editedAt: edited === null ? null : isoOf(edited),
      deletedAt: deleted === null ? null : isoOf(deleted),
      clientId: of(columns?.client),
    }
  })
}

/** `2026-11-21T05:33:03.123456+00:00`, as Postgres writes times in JSON, to whole milliseconds. */
function isoOf(time: string): string {
  return time.length === 32 && time.endsWith('+00:00')
    ? `${time.slice(0, 23)}Z`
    : new Date(time).toISOString()
}
