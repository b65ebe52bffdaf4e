import { isAbortedTransactionError } from 'kysely'
import pg from 'pg'

/** The connection is what failed, as Postgres tells it: 08 connection, 57P operator. */
const connectionStates = /^(08|57P)/

/** COMMIT was sent and its answer never came: the transaction took effect, or it did not. */
export class OutcomeUnknownError extends Error {
  constructor(cause: unknown) {
    super('the database went away before it said whether it had committed', { cause })
  }

  /** What a failed COMMIT means: a refusal is the answer that nothing was kept; anything else is no answer. */
  static unlessRefused(error: unknown): unknown {
    const refused =
      isAbortedTransactionError(error) ||
      (error instanceof pg.DatabaseError && !connectionStates.test(error.code ?? ''))
    return refused ? error : new OutcomeUnknownError(error)
  }
}
