import type { Kysely } from 'kysely'
import type { Database } from '../../db/schema.ts'
import { batchCalls } from '../batch-calls.ts'

/** Reads the heads of streams; all that are asked for in one turn of the event loop take one query. */
export function createHeadReader(db: Kysely<Database>): (stream: string) => Promise<number> {
  async function read(streams: readonly string[]): Promise<number[]> {
    const rows = await db
      .selectFrom('streams')
      .select(['id', 'head'])
      .where((eb) => eb('id', '=', eb.fn.any(eb.val([...new Set(streams)]))))
      .execute()
    const heads = new Map(rows.map((row) => [row.id, row.head]))
    // A stream that is not there yet has nothing before its first event.
    return streams.map((stream) => heads.get(stream) ?? 0)
  }

  return batchCalls(read, { most: 1_000, atOnce: 2, apart: 10 })
}
