import pg from 'pg'
import { AppError } from './errors.ts'

/** SQLSTATE classes in which the database is not there, going, or full: 08 connection, 53 resources, 57P operator. */
const unavailableStates = /^(08|53|57P)/
const networkCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
])
/** What pg says without a code. */
const networkWords =
  /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|server closed the connection/

/** The AppError for an error that means "the database cannot be used right now", or null for any other error. */
export function databaseFailure(error: unknown): AppError | null {
  if (!(error instanceof Error)) return null
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  const gone =
    error instanceof pg.DatabaseError
      ? unavailableStates.test(code)
      : networkCodes.has(code) || networkWords.test(error.message)
  if (!gone) return null
  return new AppError(
    'DATABASE_UNAVAILABLE',
    'The database cannot be reached; nothing was changed. Try again shortly.',
    {
      cause: error,
      retryAfter: 2,
    },
  )
}
