import { sql, type Kysely, type RawBuilder } from 'kysely'
import type { Database } from '../../../db/schema.ts'
import { batchCalls } from '../../batch-calls.ts'
import { threadNotFound } from '../threads/require-participant.ts'
import type { Message } from './messages.schema.ts'

/** Messages before and after a place in a thread, as they are at one moment. */
export interface Neighbours {
  /** seq of the thread's newest event at that moment. */
  head: number
  /** Newest first. */
  older: Message[]
  /** Whether there are more than these. */
  hasOlder: boolean
  /** Oldest first. */
  newer: Message[]
  hasNewer: boolean
}

export interface Place {
  readerId: string
  threadId: string
  /** Between this seq, which counts as older, and the next. */
  seq: number
  /** How many of the older and the newer ones at the most; of none it is only told whether there are any. */
  older: number
  newer: number
}

/**
 * Reads on both sides of a place in one snapshot, which costs the same anywhere in a thread of any length. As
 * everywhere, the thread is reached through the reader's own participation.
 * @throws AppError THREAD_NOT_FOUND; BUSY when others are stuck
 */
export type ReadPage = (place: Place) => Promise<Neighbours>

/**
 * Pages in one statement, and statements at a time: going to the database costs more than most pages do. Who waits for
 * others that are stuck is told so while there is time for an honest answer.
 */
const pagesAtOnce = { most: 16, atOnce: 2, patience: 500 }

/** Pages that are asked for at the same time are read together. */
export function createPageReader(db: Kysely<Database>): ReadPage {
  const read = batchCalls((places: readonly Place[]) => readPages(db, places), pagesAtOnce)
  return async (place) => {
    const row = await read(place)
    if (!row) throw threadNotFound()
    const thread = place.threadId.toLowerCase()
    const older = messagesOf(thread, row.olderFacts, row.olderTexts, row.olderNames)
    const newer = messagesOf(thread, row.newerFacts, row.newerTexts, row.newerNames)
    return {
      head: row.head,
      older: older.slice(0, place.older),
      hasOlder: older.length > place.older,
      newer: newer.slice(0, place.newer),
      hasNewer: newer.length > place.newer,
    }
  }
}

/** The messages of each side column by column: a page is a few values to read, not hundreds. Null where there are none. */
interface Row {
  place: number
  head: number
  /** What has no comma and no semicolon in it, message by message: see `facts`. */
  olderFacts: string | null
  olderTexts: string[] | null
  olderNames: string[] | null
  newerFacts: string | null
  newerTexts: string[] | null
  newerNames: string[] | null
}

async function readPages(
  db: Kysely<Database>,
  places: readonly Place[],
): Promise<(Row | undefined)[]> {
  // One more than wanted tells whether there are more.
  const { rows } = await sql<Row>`
    select asked.place, s.head,
      older.facts as older_facts, older.texts as older_texts, older.names as older_names,
      newer.facts as newer_facts, newer.texts as newer_texts, newer.names as newer_names
    from unnest(
      ${places.map(({ readerId }) => readerId)}::uuid[],
      ${places.map(({ threadId }) => threadId)}::uuid[],
      ${places.map(({ seq }) => seq)}::bigint[],
      ${places.map(({ older }) => older + 1)}::int[],
      ${places.map(({ newer }) => newer + 1)}::int[]
    ) with ordinality as asked (reader_id, thread_id, seq, older, newer, place)
    join participants p on p.thread_id = asked.thread_id and p.user_id = asked.reader_id and p.left_seq is null
    join streams s on s.id = p.thread_id
    cross join lateral ${side(sql`m.seq <= asked.seq order by m.seq desc limit asked.older`)} older
    cross join lateral ${side(sql`m.seq > asked.seq order by m.seq limit asked.newer`)} newer`.execute(
    db,
  )
  const found = new Map(rows.map((row) => [row.place, row]))
  return places.map((_, index) => found.get(index + 1))
}

function side(which: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`(
    select string_agg(${facts}, ';') as facts, json_agg(o.text) as texts, json_agg(o.name) as names
    from (
      select m.*, u.kind, u.name, u.handle from messages m join users u on u.id = m.author_id
      where m.thread_id = p.thread_id and ${which}
    ) o
  )`
}

/**
 * Of a message, in this order; times as microseconds since 1970. Making one text of what is plain costs a third of what
 * JSON does.
 */
const facts = sql`concat_ws(',', o.id, o.seq, o.author_id, o.kind, o.handle, o.client_id,
  (date_part('epoch', o.created_at) * 1000000)::bigint,
  coalesce((date_part('epoch', o.edited_at) * 1000000)::bigint::text, ''),
  coalesce((date_part('epoch', o.deleted_at) * 1000000)::bigint::text, ''))`

function messagesOf(
  threadId: string,
  facts: string | null,
  texts: readonly string[] | null,
  names: readonly string[] | null,
): Message[] {
  if (facts === null) return []
  return facts.split(';').map((line, index) => {
    const [id, seq, authorId, kind, handle, clientId, created, edited, deleted] = line.split(',')
    const name = names?.[index]
    const text = texts?.[index]
    if (
      id === undefined ||
      authorId === undefined ||
      handle === undefined ||
      clientId === undefined ||
      deleted === undefined ||
      name === undefined ||
      text === undefined
    )
      throw new Error('a page of messages lacks a column')
    return {
      id,
      threadId,
      seq: Number(seq),
      author: { id: authorId, kind: kind === 'bot' ? 'bot' : 'person', name, handle },
      text: deleted === '' ? text : '',
      at: isoOf(Number(created)),
      editedAt: edited ? isoOf(Number(edited)) : null,
      deletedAt: deleted === '' ? null : isoOf(Number(deleted)),
      clientId,
    }
  })
}

function isoOf(microseconds: number): string {
  return new Date(Math.floor(microseconds / 1_000)).toISOString()
}
