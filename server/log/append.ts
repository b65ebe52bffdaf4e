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
  const rows = await trx
    .selectFrom('streams')
    .select(['id', 'head'])
    .where('id', 'in', wanted)
    .orderBy('id')
    .forNoKeyUpdate()
    .execute()
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
  const appendix = appendixOf(trx)
  const seq = nextSeq(trx, stream)
  const version = events[type].version
  const row = await trx
    .with('advanced', (q) =>
      q.updateTable('streams').set({ head: seq }).where('id', '=', stream).returning('id'),
    )
    .insertInto('events')
    .columns(['streamId', 'seq', 'type', 'version', 'actorId', 'payload'])
    .expression((q) =>
      q
        .selectFrom('advanced')
        .select([
          'advanced.id',
          sql<number>`${seq}::bigint`.as('seq'),
          sql<string>`${type}::text`.as('type'),
          sql<number>`${version}::int`.as('version'),
          sql<string | null>`${actorId}::uuid`.as('actorId'),
          sql<string>`${JSON.stringify(payload)}::jsonb`.as('payload'),
        ]),
    )
    .returning('at')
    .executeTakeFirstOrThrow()
  appendix.heads.set(stream, seq)
  const event = { stream, seq, type, version, at: row.at.toISOString(), actorId, payload }
  appendix.appended.push(event as LogEvent)
  return event
}
