/**
 * One turn of a handler: what was committed since its last turn, in the order of each stream, and how far it has come,
 * in one transaction. The lock on its row is the lease: it ends with the transaction, however the instance ends, and
 * an instance that was frozen meanwhile cannot commit what another has done since.
 *
 * A turn reads the transactions from the handler's horizon up to the oldest one that is still open: all of these have
 * ended, so no event can turn up among them later, whatever the order in which they commit. Ids are given out early,
 * though, and a stream's numbers late, so a turn ends where no stream is cut in the wrong order.
 */
import { sql, type Kysely, type Transaction } from 'kysely'
import type { Database } from '../../db/schema.ts'
import type { LogEvent } from '../events.ts'
import { rowToEvent } from './carried-event.ts'
import { retryDue, setAside } from './dead-letter.ts'
import { ignoredTypes, misfit, type EventHandler, type EventHandlers } from './event-handler.ts'
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

/** Makes the handler's place in the log, at this moment, unless it has one. */
export async function takePlace(db: Kysely<Database>, name: string): Promise<void> {
  await sql`
    insert into event_handlers (name, horizon)
    values (${name}, pg_snapshot_xmin(pg_current_snapshot())) on conflict do nothing`.execute(db)
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
    const place = await trx
      .selectFrom('eventHandlers')
      .select('horizon')
      .where('name', '=', name)
      .forUpdate()
      .skipLocked()
      .executeTakeFirst()
    if (!place) return null
    // Effects and place are kept or lost together, so that nobody need wait for the disk.
    await sql`set local synchronous_commit = off`.execute(trx)
    let givenUp = await retryDue(trx, handlers, name)
    const reading = await read(trx, handler, place.horizon, most)
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

async function read(
  trx: Transaction<Database>,
  handler: EventHandler,
  from: string,
  most: number,
): Promise<Reading> {
  const ignored = ignoredTypes(handler)
  const end = await findEnd(trx, from)
  const { rows: beyond } = await sql<{ xid: string }>`
    select xid::text from events
    where xid >= ${from}::xid8 and xid < ${end}::xid8 and type <> all(${ignored}::text[])
    order by xid offset ${most} limit 1`.execute(trx)
  const until = beyond[0] ? await wholeStreams(trx, from, beyond[0].xid, end) : end
  const { rows } = await sql<Parameters<typeof rowToEvent>[0] & { age: number }>`
    select stream_id, seq, type, version, actor_id, payload, at,
           extract(epoch from clock_timestamp() - at)::float8 as age
    from events
    where xid >= ${from}::xid8 and xid < ${until}::xid8 and type <> all(${ignored}::text[])
    order by stream_id, seq`.execute(trx)
  return {
    events: rows.map(rowToEvent),
    until,
    lag: Math.max(0, ...rows.map(({ age }) => age)),
    more: until !== end,
  }
}

/**
 * The oldest transaction that is still open, or one before it: an event below must not stand behind one of its stream
 * that is not below.
 */
async function findEnd(trx: Transaction<Database>, from: string): Promise<string> {
  const { rows } = await sql<{ horizon: string }>`
    select pg_snapshot_xmin(pg_current_snapshot())::text as horizon`.execute(trx)
  let end = rows[0]?.horizon ?? from
  for (;;) {
    const { rows: inverted } = await sql<{ first: string | null }>`
      select (array_agg(later.xid order by later.xid))[1]::text as first
      from events before
      join events later on later.stream_id = before.stream_id and later.seq > before.seq
      where before.xid >= ${end}::xid8 and later.xid >= ${from}::xid8 and later.xid < ${end}::xid8`.execute(
      trx,
    )
    const first = inverted[0]?.first ?? null
    if (first === null) return end
    end = first
  }
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
      from events later
      join events before on before.stream_id = later.stream_id and before.seq < later.seq
      where later.xid >= ${from}::xid8 and later.xid < ${until}::xid8
        and before.xid >= ${until}::xid8 and before.xid < ${end}::xid8`.execute(trx)
    const left = rows[0]?.left ?? null
    if (left === null) return until
    until = (BigInt(left) + 1n).toString()
  }
}
