import type { Kysely } from 'kysely'
import type { Database } from '../../db/schema.ts'

interface Waiting {
  resolve: (head: number) => void
  reject: (error: unknown) => void
}

/** Reads the heads of streams; all that are asked for in one turn of the event loop take one query. */
export function createHeadReader(db: Kysely<Database>): (stream: string) => Promise<number> {
  let waiting = new Map<string, Waiting[]>()

  async function read(batch: Map<string, Waiting[]>): Promise<void> {
    const rows = await db
      .selectFrom('streams')
      .select(['id', 'head'])
      .where('id', 'in', [...batch.keys()])
      .execute()
    const heads = new Map(rows.map((row) => [row.id, row.head]))
    // A stream that is not there yet has nothing before its first event.
    for (const [stream, waiters] of batch)
      for (const waiter of waiters) waiter.resolve(heads.get(stream) ?? 0)
  }

  return (stream) =>
    new Promise((resolve, reject) => {
      if (waiting.size === 0)
        setImmediate(() => {
          const batch = waiting
          waiting = new Map()
          read(batch).catch((error: unknown) => {
            for (const waiters of batch.values()) for (const waiter of waiters) waiter.reject(error)
          })
        })
      waiting.set(stream, [...(waiting.get(stream) ?? []), { resolve, reject }])
    })
}
