/**
 * Writing to the log. A stream's row lock is what makes its numbers gap-free and visible in order, so every
 * transaction first locks all streams it will write to, at once and in id order (no deadlocks), then appends.
 * Only transactions opened by `commit` (commit.ts) can: it hands what was appended to the hub after COMMIT.
 */
import { sql, type Transaction } from 'kysely'
import type { Database } from '../../db/schema.ts'
import type { EventPayload, EventType, LogEvent, LogEventOf } from '../events.ts'
import { events } from '../events.ts'

/** What one transaction has locked and appended so far. */
export interface Appendix {
  heads: Map<string, number>
  appended: LogEvent[]
}

/** An event before it has its number and its time. */
export type EventDraft<T extends EventType = EventType> = {
  [K in T]: { stream: string; type: K; actorId: string | null; payload: EventPayload<K> }
}[T]

const appendices = new WeakMap<Transaction<Database>, Appendix>()

/** Makes `trx` one that may append. For commit.ts. */
export function openAppendix(trx: Transaction<Database>): Appendix {
  const appendix: Appendix = { heads: new Map(), appended: [] }
  appendices.set(trx, appendix)
  return appendix
}

function appendixOf(trx: Transaction<Database>): Appendix {
  const appendix = appendices.get(trx)
  if (!appendix) throw new Error('events can only be appended in a transaction opened by commit()')
  return appendix
}

/**
 * Locks the streams until the transaction ends. Call it once, with all of them, before reading what the decision
 * depends on. Streams that do not exist are left out of the answer.
 * @returns each stream's head.
 */
export async function lockStreams(
  trx: Transaction<Database>,
  streamIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const { heads } = appendixOf(trx)
  const wanted = [...new Set(streamIds)].filter((id) => !heads.has(id))
  if (wanted.length === 0) return heads
  const last = [...heads.keys()].sort().at(-1)
  if (last !== undefined && wanted.some((id) => id < last))
    throw new Error('streams must be locked together, in id order: lock all of them in one call')
  // One array and not a list: the text stays the same however many there are, and is planned once.
  const { rows } = await sql<{ id: string; head: number }>`
    select id, head from streams where id = any(${wanted}::uuid[]) order by id for no key update`.execute(
    trx,
  )
  for (const row of rows) heads.set(row.id, row.head)
  return heads
}

/** Makes a stream; no one else can see it before the commit, so it counts as locked. */
export async function createStream(
  trx: Transaction<Database>,
  kind: 'thread' | 'user',
): Promise<string> {
  const { heads } = appendixOf(trx)
  const { id } = await trx
    .insertInto('streams')
    .values({ id: sql<string>`uuid_v7()`, kind })
    .returning('id')
    .executeTakeFirstOrThrow()
  heads.set(id, 0)
  return id
}

/** The number the next event of a locked stream will get. */
export function nextSeq(trx: Transaction<Database>, streamId: string): number {
  const head = appendixOf(trx).heads.get(streamId)
  if (head === undefined) throw new Error('the stream is not locked by this transaction')
  return head + 1
}

/** Writes one event to a locked stream. */
export async function appendEvent<T extends EventType>(
  trx: Transaction<Database>,
  stream: string,
  type: T,
  actorId: string | null,
  payload: EventPayload<T>,
): Promise<LogEventOf<T>> {
  const [event] = await appendEvents(trx, [{ stream, type, actorId, payload } as EventDraft])
  return event as LogEventOf<T>
}

/**
 * Writes events to locked streams, in the order given, in one statement; they share their time.
 * @returns them with their numbers, in the same order.
 */
export async function appendEvents(
  trx: Transaction<Database>,
  drafts: readonly EventDraft[],
): Promise<LogEvent[]> {
  if (drafts.length === 0) return []
  const { heads, appended } = appendixOf(trx)
  const grown = new Map<string, number>()
  const numbered = drafts.map((draft) => {
    const seq = (grown.get(draft.stream) ?? nextSeq(trx, draft.stream) - 1) + 1
    grown.set(draft.stream, seq)
    return { ...draft, seq, version: events[draft.type].version }
  })
  const { rows } = await sql<{ at: Date }>`
    with now as materialized (select clock_timestamp() as at),
    advanced as (
      update streams set head = grown.head
      from unnest(${[...grown.keys()]}::uuid[], ${[...grown.values()]}::bigint[]) as grown (id, head)
      where streams.id = grown.id
    ),
    written as (
      insert into events (stream_id, seq, type, version, actor_id, payload, at)
      select draft.*, now.at
      from now, unnest(
        ${numbered.map(({ stream }) => stream)}::uuid[],
        ${numbered.map(({ seq }) => seq)}::bigint[],
        ${numbered.map(({ type }) => type)}::text[],
        ${numbered.map(({ version }) => version)}::int[],
        ${numbered.map(({ actorId }) => actorId)}::uuid[],
        ${numbered.map(({ payload }) => JSON.stringify(payload))}::json[]
      ) as draft
    )
    select at from now`.execute(trx)
  const at = rows[0]?.at.toISOString()
  if (at === undefined) throw new Error('the log did not say when it was written to')
  for (const [stream, head] of grown) heads.set(stream, head)
  const written = numbered.map(
    ({ stream, seq, type, version, actorId, payload }) =>
      ({ stream, seq, type, version, at, actorId, payload }) as LogEvent,
  )
  appended.push(...written)
  return written
}

/** Takes note of events that a function of the database has written to streams that it locked for that. */
export function noteAppended(trx: Transaction<Database>, written: readonly LogEvent[]): void {
  const { heads, appended } = appendixOf(trx)
  for (const { stream, seq } of written) heads.set(stream, seq)
  appended.push(...written)
}
