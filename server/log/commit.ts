import type { Kysely, Transaction } from 'kysely'
import pg from 'pg'
import type { Database } from '../../db/schema.ts'
import { isStalePlan, isStrangeName } from '../../db/statement-names.ts'
import type { LogEvent } from '../events.ts'
import { openAppendix } from './append.ts'
import { OutcomeUnknownError } from './outcome-unknown-error.ts'

export type Trx = Transaction<Database>

/**
 * Runs `work` in a transaction and answers after COMMIT; the events it appended are announced then.
 * @throws OutcomeUnknownError when the database went away while it was asked to keep it.
 */
export type Commit = <T>(work: (trx: Trx) => Promise<T>) => Promise<T>

/** Thrown by work that met something which will be different when all of it is done again. */
export class TryAgainError extends Error {}

/** Postgres gave up one of two transactions; the same work can simply be done again. */
const retryable = new Set(['40001', '40P01'])
const maxAttempts = 4

export function createCommit(
  db: Kysely<Database>,
  announce: (events: readonly LogEvent[]) => void,
): Commit {
  return async function commit(work) {
    for (let attempt = 1; ; attempt++) {
      let worked = false
      try {
        const { result, appended } = await db.transaction().execute(async (trx) => {
          const appendix = openAppendix(trx)
          const result = await work(trx)
          worked = true
          return { result, appended: appendix.appended }
        })
        if (appended.length > 0) announce(appended)
        return result
      } catch (error) {
        if (mayDoAgain(error) && attempt < maxAttempts) continue
        throw worked ? OutcomeUnknownError.unlessRefused(error) : error
      }
    }
  }
}

function mayDoAgain(error: unknown): boolean {
  if (error instanceof TryAgainError || isStalePlan(error) || isStrangeName(error)) return true
  return error instanceof pg.DatabaseError && retryable.has(error.code ?? '')
}
