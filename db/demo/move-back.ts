import { sql, type Transaction } from 'kysely'
import type { Database } from '../schema.ts'

/** Names of times in the payloads of events. */
const timeNames = new Set(['at', 'editedAt', 'deletedAt', 'createdAt', 'archivedAt', 'joinedAt'])

/**
 * Everything that was written since the last call gets the time at which it is to have happened, in rows and in the
 * log alike. What the transaction writes is stamped at or after its begin, now(); what was moved lies before it.
 */
export async function moveBack(trx: Transaction<Database>, at: Date): Promise<void> {
  await sql`
    with
      moved_messages as (
        update messages set
          created_at = case when created_at >= now() then ${at} else created_at end,
          edited_at = case when edited_at >= now() then ${at} else edited_at end,
          deleted_at = case when deleted_at >= now() then ${at} else deleted_at end
        where greatest(created_at, edited_at, deleted_at) >= now()
      ),
      moved_threads as (
        update threads set
          created_at = case when created_at >= now() then ${at} else created_at end,
          archived_at = case when archived_at >= now() then ${at} else archived_at end
        where greatest(created_at, archived_at) >= now()
      ),
      moved_edits as (update message_edits set at = ${at} where at >= now()),
      moved_participants as (update participants set joined_at = ${at} where joined_at >= now()),
      moved_positions as (update read_positions set at = ${at} where at >= now())
    update users set created_at = ${at} where created_at >= now()`.execute(trx)

  const { rows } = await sql<{ begin: Date }>`select now() as begin`.execute(trx)
  const begin = rows[0]?.begin.toISOString() ?? ''
  const events = await trx
    .selectFrom('events')
    .select(['streamId', 'seq', 'payload'])
    .where('at', '>=', sql<Date>`now()`)
    .execute()
  for (const { streamId, seq, payload } of events)
    await trx
      .updateTable('events')
      .set({ at, payload: JSON.stringify(moveTimes(payload, begin, at.toISOString())) })
      .where('streamId', '=', streamId)
      .where('seq', '=', seq)
      .execute()
}

function moveTimes(value: unknown, begin: string, at: string): unknown {
  if (Array.isArray(value)) return value.map((each) => moveTimes(each, begin, at))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, each]: [string, unknown]) => [
      name,
      timeNames.has(name) && typeof each === 'string' && each >= begin
        ? at
        : moveTimes(each, begin, at),
    ]),
  )
}
