import { sql } from 'kysely'
import pg from 'pg'
import { arrayLiteral } from '../../../db/array-literal.ts'
import { late, Prepared } from '../../../db/prepared.ts'
import { uuidV7 } from '../../../db/uuid-v7.ts'
import { noteAppended } from '../../log/append.ts'
import type { Trx } from '../../log/commit.ts'
import type { Message } from './messages.schema.ts'
import {
  authorOf,
  findCalls,
  isSameClientId,
  messagePosted,
  posting,
  type AuthorColumns,
  type Call,
  type Send,
} from './send.ts'

/** What somebody says in one thread. */
interface Lot {
  /** From 1 on. */
  number: number
  threadId: string
  authorId: string
  count: number
}

/** A send, and what is made of it. */
interface Entry {
  send: Send
  /** Among all that were given. */
  place: number
  id: string
  lot: Lot
  /** Among those to the same thread, from 1 on. */
  nth: number
}

interface Posting {
  lots: readonly Lot[]
  /** Thread by thread, each in the order given: the indexes are gone through from one end to the other. */
  entries: readonly Entry[]
  calls: readonly Call[]
  lockTimeout: number | undefined
}

/** What post_fresh_0009 says of a lot. */
interface Row extends AuthorColumns {
  head: number
  postedAt: number
}

/** What post_fresh_0009 fails with. */
const notPermitted = 'SK001'

/**
 * Posts many messages of whomever to whatever threads, in the hope that each is new and may be posted: then there is nothing
 * to look up for each, only for each author in each thread. One statement, the function post_fresh_0009 (db/migrations).
 * @param lockTimeout milliseconds for which it waits for a lock; by default what the connection has
 * @returns the messages in the order of the sends; null when one of them was sent before or may not be posted. Nothing
 *   was done then, a transaction around it is over, and `sendMessages` tells them apart.
 */
export async function postFresh(
  trx: Trx,
  sends: readonly Send[],
  lockTimeout?: number,
): Promise<Message[] | null> {
  const { lots, entries } = inLots(sends)
  const calls = findCalls(entries.map(({ send }) => send))
  const rows = await post(trx, { lots, entries, calls, lockTimeout })
  if (!rows) return null
  const authors = rows.map((row, place) => authorOf(lots[place]?.authorId ?? '', row))
  const at = new Date(rows[0]?.postedAt ?? NaN).toISOString()
  const messages = new Array<Message>(sends.length)
  const posted = entries.map(({ send, place, id, lot, nth }) => {
    const [row, author] = [rows[lot.number - 1], authors[lot.number - 1]]
    if (!row || !author) throw new Error('not all that was posted was answered')
    return (messages[place] = messagePosted(send, author, { id, seq: row.head + nth, at }))
  })
  noteAppended(trx, posted.map(posting))
  return messages
}

function inLots(sends: readonly Send[]): { lots: Lot[]; entries: Entry[] } {
  const now = Date.now()
  const lots: Lot[] = []
  const lotsOfThread = new Map<string, Lot>()
  let nth = 0
  const entries = threadByThread(sends).map(({ send, place }, index, all) => {
    const { threadId, authorId } = send
    if (all[index - 1]?.send.threadId !== threadId) {
      lotsOfThread.clear()
      nth = 0
    }
    let lot = lotsOfThread.get(authorId)
    if (!lot) {
      lot = { number: lots.length + 1, threadId, authorId, count: 0 }
      lots.push(lot)
      lotsOfThread.set(authorId, lot)
    }
    lot.count++
    return { send, place, id: uuidV7(now), lot, nth: ++nth }
  })
  return { lots, entries }
}

function threadByThread(sends: readonly Send[]): { send: Send; place: number }[] {
  return sends
    .map((send, place) => ({ send, place }))
    .sort((a, b) => compare(a.send.threadId, b.send.threadId) || a.place - b.place)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

const ofLots = (read: (lot: Lot) => string) =>
  late<Posting>(({ lots }) => arrayLiteral(lots.map(read)))
const ofEntries = (read: (entry: Entry) => string) =>
  late<Posting>(({ entries }) => arrayLiteral(entries.map(read)))
const ofCalls = (read: (call: Call) => string) =>
  late<Posting>(({ calls }) => arrayLiteral(calls.map(read)))

const postStatement = new Prepared<Row, Posting>(sql`
  select head, author_kind as "authorKind", author_name as "authorName", author_handle as "authorHandle",
    posted_at as "postedAt"
  from post_fresh_0009(
    ${ofLots(({ threadId }) => threadId)}::uuid[],
    ${ofLots(({ authorId }) => authorId)}::uuid[],
    ${ofLots(({ count }) => String(count))}::int[],
    ${ofEntries(({ id }) => id)}::uuid[],
    ${ofEntries(({ lot }) => String(lot.number))}::int[],
    ${ofEntries(({ nth }) => String(nth))}::int[],
    ${ofEntries(({ send }) => send.clientId)}::text[],
    ${ofEntries(({ send }) => send.text)}::text[],
    ${ofCalls(({ place }) => String(place))}::int[],
    ${ofCalls(({ handle }) => handle)}::text[],
    ${late<Posting>(({ lockTimeout }) => (lockTimeout === undefined ? null : String(lockTimeout)))}
  )`)

async function post(trx: Trx, batch: Posting): Promise<Row[] | null> {
  try {
    return await postStatement.execute(trx, batch)
  } catch (error) {
    const isRefused = error instanceof pg.DatabaseError && error.code === notPermitted
    if (isRefused || isSameClientId(error)) return null
    throw error
  }
}
