import { sql, type Kysely, type RawBuilder } from 'kysely'
import { arrayLiteral } from '../../../db/array-literal.ts'
import { late, Prepared } from '../../../db/prepared.ts'
import type { Database } from '../../../db/schema.ts'
import { batchCalls } from '../../batch-calls.ts'
import { threadNotFound } from '../threads/require-participant.ts'
import type { Author } from '../people/people.schema.ts'
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
  /** How many of the older and the newer ones at the most, fewer where they are long; of none it is only told whether there are any. */
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

/** Of texts on one side: fifty usual ones have a tenth of it, a hundred of the longest would be three megabytes. */
export const mostPageCharacters = 200_000

/** Pages that are asked for at the same time are read together. */
export function createPageReader(db: Kysely<Database>): ReadPage {
  const read = batchCalls((places: readonly Place[]) => readPages(db, places), pagesAtOnce)
  return async (place) => {
    const row = await read(place)
    if (!row) throw threadNotFound()
    const authors = authorsOf(row.authorFacts, row.authorNames)
    const older = messagesOf(place.threadId, authors, row.olderFacts, row.olderTexts)
    const newer = messagesOf(place.threadId, authors, row.newerFacts, row.newerTexts)
    const olderOnPage = upTo(place.older, older)
    const newerOnPage = upTo(place.newer, newer)
    return {
      head: row.head,
      older: olderOnPage,
      hasOlder: older.length > olderOnPage.length,
      newer: newerOnPage,
      hasNewer: newer.length > newerOnPage.length,
    }
  }
}

/** So many, or fewer where they are long: at least one, so that whoever reads on gets on. */
function upTo(count: number, messages: Message[]): Message[] {
  let characters = 0
  const end = messages.findIndex(({ text }, place) => {
    characters += text.length
    return place === count || (place > 0 && characters > mostPageCharacters)
  })
  return end < 0 ? messages : messages.slice(0, end)
}

/**
 * The messages of each side, and who wrote them, column by column: a page is a few values to read, not hundreds. Null
 * where there are none.
 */
interface Row {
  place: number
  head: number
  /** What has no comma and no semicolon in it, message by message: see `facts`. */
  olderFacts: string | null
  olderTexts: string[] | null
  newerFacts: string | null
  newerTexts: string[] | null
  /** Each author once: to look for them message by message was two fifths of what a page cost the database. */
  authorFacts: string | null
  authorNames: string[] | null
}

/**
 * Of a message, in this order; times as microseconds since 1970. Making one text of what is plain costs a third of what
 * JSON does.
 */
const facts = sql`concat_ws(',', o.id, o.seq, o.author_id, o.client_id,
  (date_part('epoch', o.created_at) * 1000000)::bigint,
  coalesce((date_part('epoch', o.edited_at) * 1000000)::bigint::text, ''),
  coalesce((date_part('epoch', o.deleted_at) * 1000000)::bigint::text, ''))`

const pages = new Prepared<Row, readonly Place[]>(sql`
  select asked.place, s.head,
    older.facts as "olderFacts", older.texts as "olderTexts", newer.facts as "newerFacts", newer.texts as "newerTexts",
    authors.facts as "authorFacts", authors.names as "authorNames"
  from unnest(
    ${ofPlaces(({ readerId }) => readerId)}::uuid[],
    ${ofPlaces(({ threadId }) => threadId)}::uuid[],
    ${ofPlaces(({ seq }) => String(seq))}::bigint[],
    ${/* One more than wanted tells whether there are more. */ ofPlaces(({ older }) => String(older + 1))}::int[],
    ${ofPlaces(({ newer }) => String(newer + 1))}::int[]
  ) with ordinality as asked (reader_id, thread_id, seq, older, newer, place)
  join participants p on p.thread_id = asked.thread_id and p.user_id = asked.reader_id and p.left_seq is null
  join streams s on s.id = p.thread_id
  cross join lateral ${side(sql`m.seq <= asked.seq order by m.seq desc limit asked.older`)} older
  cross join lateral ${side(sql`m.seq > asked.seq order by m.seq limit asked.newer`)} newer
  cross join lateral (
    select string_agg(concat_ws(',', id, kind, handle), ';') as facts, json_agg(name) as names
    from users where id = any (older.authors || newer.authors)
  ) authors`)

async function readPages(
  db: Kysely<Database>,
  places: readonly Place[],
): Promise<(Row | undefined)[]> {
  const found = new Map((await pages.execute(db, places)).map((row) => [row.place, row]))
  return places.map((_, index) => found.get(index + 1))
}

function ofPlaces(read: (place: Place) => string): RawBuilder<unknown> {
  return late<readonly Place[]>((places) => arrayLiteral(places.map(read)))
}

function side(which: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`(
    select string_agg(${facts}, ';') as facts, json_agg(o.text) as texts, array_agg(o.author_id) as authors
    from (select m.* from messages m where m.thread_id = p.thread_id and ${which}) o
  )`
}

function authorsOf(
  facts: string | null,
  names: readonly string[] | null,
): ReadonlyMap<string, Author> {
  const authors = new Map<string, Author>()
  for (const [index, line] of (facts?.split(';') ?? []).entries()) {
    const [id, kind, handle] = line.split(',')
    const name = names?.[index]
    if (id === undefined || handle === undefined || name === undefined) throw lacking()
    authors.set(id, { id, kind: kind === 'bot' ? 'bot' : 'person', name, handle })
  }
  return authors
}

function messagesOf(
  threadId: string,
  authors: ReadonlyMap<string, Author>,
  facts: string | null,
  texts: readonly string[] | null,
): Message[] {
  if (facts === null) return []
  return facts.split(';').map((line, index) => {
    const [id, seq, authorId, clientId, created, edited, deleted] = line.split(',')
    const author = authors.get(authorId ?? '')
    const text = texts?.[index]
    if (id === undefined || clientId === undefined || deleted === undefined) throw lacking()
    if (author === undefined || text === undefined) throw lacking()
    return {
      id,
      threadId,
      seq: Number(seq),
      author,
      text: deleted === '' ? text : '',
      at: isoOf(Number(created)),
      editedAt: edited ? isoOf(Number(edited)) : null,
      deletedAt: deleted === '' ? null : isoOf(Number(deleted)),
      clientId,
    }
  })
}

function lacking(): Error {
  return new Error('a page of messages lacks a column')
}

const dayMs = 86_400_000
const twoDigits = Array.from({ length: 60 }, (_, n) => String(n).padStart(2, '0'))
/** What the messages of a page mostly share. */
let day = { number: NaN, text: '' }

/** As Date writes it, in a ninth of the time: fifty of these were a tenth of what a page costs an instance. */
function isoOf(microseconds: number): string {
  const time = Math.floor(microseconds / 1_000)
  const number = Math.floor(time / dayMs)
  if (number !== day.number) day = { number, text: new Date(time).toISOString().slice(0, 11) }
  const ms = time - number * dayMs
  const [hours, minutes] = [Math.floor(ms / 3_600_000), Math.floor(ms / 60_000) % 60]
  const seconds = Math.floor(ms / 1_000) % 60
  const clock = `${two(hours)}:${two(minutes)}:${two(seconds)}`
  return `${day.text}${clock}.${String(ms % 1_000).padStart(3, '0')}Z`
}

function two(value: number): string {
  return twoDigits[value] ?? ''
}
