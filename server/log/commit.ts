import type { Kysely, Transaction } from 'kysely'
import pg from 'pg'
import type { Database } from '../../db/schema.ts'
import { isStalePlan, isStrangeName } from '../../db/statement-names.ts'
import type { LogEvent } from '../events.ts'
import { openAppendix } from './append.ts'
import { OutcomeUnknownError } from './outcome-unknown-error.ts'

export type Trx = Transaction<Database>

export interface CommitOptions {
  /**
   * One statement of the work writes, and so is a transaction by itself: without BEGIN and COMMIT there is one way, not
   * three. What else there is only reads; when that fails, what was written stays, and the sweep finds it.
   */
  oneStatement?: boolean
}

/**
 * Runs `work` in a transaction and answers after COMMIT; the events it appended are announced then.
 * @throws OutcomeUnknownError when the database went away while it was asked to keep it.
 */
export type Commit = <T>(work: (trx: Trx) => Promise<T>, options?: CommitOptions) => Promise<T>

/** Thrown by work that met something which will be different when all of it is done again. */
export class TryAgainError extends Error {}

/** Postgres gave up one of two transactions; the same work can simply be done again. */
const retryable = new Set(['40001', '40P01'])
const maxAttempts = 4

export function createCommit(
  db: Kysely<Database>,
  announce: (events: readonly LogEvent[]) => void,
): Commit {
  return async function commit(work, { oneStatement = false } = {}) {
    for (let attempt = 1; ; attempt++) {
      // From here on the database may have kept it, whatever is heard of that.
      let askedToKeep = false
      try {
        const run = oneStatement ? db.connection() : db.transaction()
        const { result, appended } = await run.execute(async (connection) => {
          const trx = connection as Trx
          const { appended } = openAppendix(trx)
          askedToKeep = oneStatement
          const result = await work(trx)
          askedToKeep = true
          return { result, appended }
        })
        if (appended.length > 0) announce(appended)
        return result
      } catch (error) {
        if (mayDoAgain(error) && attempt < maxAttempts) continue
        const mayBeKept = askedToKeep && !(error instanceof TryAgainError)
        throw mayBeKept ? OutcomeUnknownError.unlessRefused(error) : error
      }
    }
  }
}

function mayDoAgain(error: unknown): boolean {
  if (error instanceof TryAgainError || isStalePlan(error) || isStrangeName(error)) return true
  return error instanceof pg.DatabaseError && retryable.has(error.code ?? '')
}
