import { sql, type Transaction } from 'kysely'
import pg from 'pg'
import type { Database } from '../../db/schema.ts'
import { databaseFailure } from '../database-failure.ts'
import type { LogEvent } from '../events.ts'
import type { EventHandler } from './event-handler.ts'

/** Another transaction was in the way: no fault of the event's, and the same can simply be done again. */
const inTheWay = new Set(['40001', '40P01', '55P03'])

/**
 * Lets a handler do its work, or nothing of it.
 * @returns what it threw, or null when it is done
 * @throws what ends the transaction as a whole and is not the events' fault
 */
export async function tryApply(
  trx: Transaction<Database>,
  handler: EventHandler,
  events: readonly LogEvent[],
): Promise<{ error: unknown } | null> {
  if (events.length === 0) return null
  await sql`savepoint applying`.execute(trx)
  try {
    await handler.apply(trx, events)
    await sql`release savepoint applying`.execute(trx)
    return null
  } catch (error) {
    const code = error instanceof pg.DatabaseError ? (error.code ?? '') : ''
    if (inTheWay.has(code) || databaseFailure(error)?.reason === 'DATABASE_UNAVAILABLE') throw error
    await sql`rollback to savepoint applying`.execute(trx)
    return { error }
  }
}
