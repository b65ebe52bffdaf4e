/**
 * One turn of a handler: what was committed since its last turn, in the order of each stream, and how far it has come,
 * in one transaction. The lock on its row is the lease: it ends with the transaction, however the instance ends, and
 * an instance that was frozen meanwhile cannot commit what another has done since.
 *
 * A turn reads the transactions from the handler's horizon up to the oldest one that is still open: all of these have
 * ended, so no event can turn up among them later, whatever the order in which they commit. Ids are given out early,
 * though, and a stream's numbers late, so a turn ends where no stream is cut in the wrong order.
 */
import { sql, type Kysely, type RawBuilder, type Transaction } from 'kysely'
import type { Database } from '../../db/schema.ts'
import type { LogEvent } from '../events.ts'
import { rowToEvent } from './carried-event.ts'
import { hasDueLetters, retryDue, setAside } from './dead-letter.ts'
import { concerns, misfit, type EventHandler, type EventHandlers } from './event-handler.ts'
import { tryApply } from './try-apply.ts'

export interface Turn {
  /** Events handled or set aside for the first time. */
  events: number
  /** Events that wait for somebody from now on. */
  givenUp: number
  /** Seconds since the oldest of them was committed. */
  lag: number
  /** More is there already. */
  more: boolean
}

const oldestOpen = sql`pg_snapshot_xmin(pg_current_snapshot())`
/** Events that a turn looks through at most, but for those of its last transaction; most may be of no concern. */
const mostLookedAt = 10_000

/** Makes the handler's place in the log, at this moment, unless it has one. */
export async function takePlace(db: Kysely<Database>, name: string): Promise<void> {
  const horizon = await findEnd(db, '0', await readOldestOpen(db))
  await db
    .insertInto('eventHandlers')
    .values({ name, horizon })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

async function readOldestOpen(db: Kysely<Database>): Promise<string> {
  const { rows } = await sql<{ horizon: string }>`select ${oldestOpen}::text as horizon`.execute(db)
  const [row] = rows
  if (!row) throw new Error('the database did not say what is open')
  return row.horizon
}

/** @returns null when another instance has the lease. */
export async function takeTurn(
  db: Kysely<Database>,
  handlers: EventHandlers,
  name: string,
  most: number,
): Promise<Turn | null> {
  const handler = handlers[name]
  if (!handler) throw new Error(`there is no handler ${name}`)
  return db.transaction().execute(async (trx) => {
    // Effects and place are kept or lost together, so that nobody need wait for the disk. What is open is looked up before
    // the lock is there: another turn may have come further meanwhile, and what it passed has ended.
    const { rows } = await sql<{ horizon: string; oldestOpen: string; due: boolean }>`
      select horizon::text, greatest(horizon, ${oldestOpen})::text as oldest_open, ${hasDueLetters(name)} as due,
        set_config('synchronous_commit', 'off', true)
      from event_handlers where name = ${name} for update skip locked`.execute(trx)
    const [place] = rows
    if (!place) return null
    let givenUp = place.due ? await retryDue(trx, handlers, name) : 0
    const reading = await read(trx, handler, place, most)
    givenUp += await handle(trx, name, handler, reading.events)
    await trx
      .updateTable('eventHandlers')
      .set({ horizon: reading.until })
      .where('name', '=', name)
      .execute()
    return { events: reading.events.length, givenUp, lag: reading.lag, more: reading.more }
  })
}

/** @returns how many were given up at once. */
async function handle(
  trx: Transaction<Database>,
  name: string,
  handler: EventHandler,
  events: readonly LogEvent[],
): Promise<number> {
  const fitting: LogEvent[] = []
  for (const event of events) {
    const wrong = misfit(event)
    if (wrong === null) fitting.push(event)
    else await setAside(trx, name, event, { misfit: wrong })
  }
  const givenUp = events.length - fitting.length
  if (!(await tryApply(trx, handler, fitting))) return givenUp
  for (const event of fitting) {
    const failed = await tryApply(trx, handler, [event])
    // Among others, and alone.
    if (failed) await setAside(trx, name, event, { threw: failed.error, attempts: 2 })
  }
  return givenUp
}

interface Reading {
  events: LogEvent[]
  until: string
  lag: number
  more: boolean
}

type Row = Parameters<typeof rowToEvent>[0] & { xid: string; age: number }

async function read(
  trx: Transaction<Database>,
  handler: EventHandler,
  { horizon: from, oldestOpen }: { horizon: string; oldestOpen: string },
  most: number,
): Promise<Reading> {
  const end = await findEnd(trx, from, oldestOpen)
  // In the order of the numbers, not of their text, which `xid` alone would name.
  const readTo = async (until: string, limit: number) => {
    const { rows } = await sql<Row>`
      select stream_id, seq, xid::text, type, version, actor_id, payload, at,
             extract(epoch from clock_timestamp() - at)::float8 as age
      from events
      where xid >= ${from}::xid8 and xid < ${until}::xid8 and ${concerns(handler)}
      order by events.xid limit ${limit}`.execute(trx)
    return rows
  }
  const furthest = await furthestEnd(trx, from, end)
  let rows = await readTo(furthest, most + 1)
  const cut = rows[most]?.xid ?? furthest
  const until = cut === end ? end : await wholeStreams(trx, from, cut, end)
  if (until === cut) rows = rows.filter(({ xid }) => BigInt(xid) < BigInt(until))
  else rows = await readTo(until, everything)
  return {
    events: rows.map(rowToEvent).sort(inOrder),
    until,
    lag: Math.max(0, ...rows.map(({ age }) => age)),
    more: until !== end,
  }
}

/** A turn is bounded by where it ends, not by how much there is up to then. */
const everything = 2 ** 31 - 1

function inOrder(a: LogEvent, b: LogEvent): number {
  return a.stream === b.stream ? a.seq - b.seq : a.stream < b.stream ? -1 : 1
}

/** How far a turn may look, whatever of it concerns the handler. */
async function furthestEnd(trx: Transaction<Database>, from: string, end: string): Promise<string> {
  const { rows } = await sql<{ xid: string }>`
    select xid::text from events where xid >= ${from}::xid8 and xid < ${end}::xid8
    order by events.xid offset ${mostLookedAt} limit 1`.execute(trx)
  return rows[0]?.xid ?? end
}

/**
 * The oldest transaction that is still open, or one before it: an event below must not stand behind one of its stream
 * that is not below. Where two stand in the wrong order, two neighbours do, since what was handled has no such order.
 */
async function findEnd(db: Kysely<Database>, from: string, oldestOpen: string): Promise<string> {
  for (let end = oldestOpen; ;) {
    // The cut is a parameter: only so does Postgres know that next to nothing is beyond it.
    const { rows } = await sql<{ first: string | null }>`
      select (array_agg(later.xid order by later.xid))[1]::text as first
      from (select stream_id, seq from events where xid >= ${end}::xid8) before
      cross join lateral (${eventAt(sql`before.stream_id`, sql`before.seq + 1`)}) later
      where later.xid >= ${from}::xid8 and later.xid < ${end}::xid8`.execute(db)
    const first = rows[0]?.first ?? null
    if (first === null) return end
    end = first
  }
}

/**
 * SQL: the xid of one event, found by its number. `offset 0` keeps Postgres from looking for it among all of the other
 * side's transactions instead, which is quick only in the small table that a plan may be of.
 */
function eventAt(stream: RawBuilder<unknown>, seq: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`select xid from events where stream_id = ${stream} and seq = ${seq} offset 0`
}

/**
 * Moves a cut through the ids up, until no event is left out that stands before one of its stream that is in.
 */
async function wholeStreams(
  trx: Transaction<Database>,
  from: string,
  cut: string,
  end: string,
): Promise<string> {
  // At least one transaction, whatever the size of the first.
  let until = cut === from ? (BigInt(cut) + 1n).toString() : cut
  for (;;) {
    const { rows } = await sql<{ left: string | null }>`
      select (array_agg(before.xid order by before.xid desc))[1]::text as left
      from (
        select stream_id, seq from events where xid >= ${from}::xid8 and xid < ${until}::xid8
      ) later
      cross join lateral (${eventAt(sql`later.stream_id`, sql`later.seq - 1`)}) before
      where before.xid >= ${until}::xid8 and before.xid < ${end}::xid8`.execute(trx)
    const left = rows[0]?.left ?? null
    if (left === null) return until
    until = (BigInt(left) + 1n).toString()
  }
}
