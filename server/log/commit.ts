import type { Kysely, Transaction } from 'kysely'
import pg from 'pg'
import type { Database } from '../../db/schema.ts'
import type { LogEvent } from '../events.ts'
import { openAppendix } from './append.ts'

export type Trx = Transaction<Database>

/** Runs `work` in a transaction and answers after COMMIT; the events it appended are announced then. */
export type Commit = <T>(work: (trx: Trx) => Promise<T>) => Promise<T>

/** Postgres gave up one of two transactions; the same work can simply be done again. */
const retryable = new Set(['40001', '40P01'])
const maxAttempts = 4

export function createCommit(
  db: Kysely<Database>,
  announce: (events: readonly LogEvent[]) => void,
): Commit {
  return async function commit(work) {
    for (let attempt = 1; ; attempt++) {
      try {
        const { result, appended } = await db.transaction().execute(async (trx) => {
          const appendix = openAppendix(trx)
          const result = await work(trx)
          return { result, appended: appendix.appended }
        })
        if (appended.length > 0) announce(appended)
        return result
      } catch (error) {
        const again =
          error instanceof pg.DatabaseError && error.code !== undefined && retryable.has(error.code)
        if (!again || attempt >= maxAttempts) throw error
      }
    }
  }
}
