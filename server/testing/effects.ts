import { sql, type Kysely, type Transaction } from 'kysely'
import type { Database } from '../../db/schema.ts'
import type { LogEvent } from '../events.ts'
import type { EventHandler } from '../log/event-handler.ts'

/** Makes the table in which handlers of tests note what they did, in order, without any rule against repeats. */
export async function createEffects(db: Kysely<Database>): Promise<void> {
  await sql`create table effects (n bigserial primary key, handler text, stream uuid, seq bigint)`.execute(
    db,
  )
}

/** A handler that notes each event. @param meets called first with each event; what it throws fails the event */
export function noting(
  handler: string,
  meets: (event: LogEvent) => void | Promise<void> = () => undefined,
): EventHandler<'read-position.moved'> {
  return {
    on: ['read-position.moved'],
    async apply(trx, events) {
      for (const event of events) {
        await meets(event)
        await sql`insert into effects (handler, stream, seq) values (${handler}, ${event.stream}, ${event.seq})`.execute(
          trx,
        )
      }
    },
  }
}

/** What a handler did, in its order. */
export async function effectsOf(
  db: Kysely<Database> | Transaction<Database>,
  handler: string,
): Promise<{ stream: string; seq: number }[]> {
  const { rows } = await sql<{ stream: string; seq: number }>`
    select stream, seq from effects where handler = ${handler} order by n`.execute(db)
  return rows
}
