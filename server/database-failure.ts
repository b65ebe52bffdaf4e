import pg from 'pg'
import { DatabaseSilentError, PoolExhaustedError } from '../db/pool-failure.ts'
import { AppError } from './errors.ts'
import { OutcomeUnknownError } from './log/outcome-unknown-error.ts'

/**
 * SQLSTATEs with which the database is not there, going, full, or not the primary: 08 connection, 25006 read only,
 * 25P03 a transaction that we left lying, 53 resources, 57P operator, 58 its system.
 */
const unavailableStates = /^(08|25006|25P03|53|57P|58)/
/** A statement that took longer than any may. */
const tooLong = '57014'
/** It is there, and does not get to it: waiting for a lock or a statement took too long, or others were always first. */
const busyStates = new Set(['55P03', tooLong, '40001', '40P01'])
const networkCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
])
/** What pg says without a code. */
const networkWords =
  /Connection terminated|timeout exceeded when trying to connect|timeout expired|is not queryable|server closed the connection/

/** The AppError for an error that means "the database cannot be used right now", or null for any other error. */
export function databaseFailure(error: unknown): AppError | null {
  if (error instanceof AppError)
    return error.reason === 'DATABASE_UNAVAILABLE' || error.reason === 'BUSY' ? error : null
  if (error instanceof OutcomeUnknownError) return outcomeUnknown(error)
  if (error instanceof PoolExhaustedError || (isRefusal(error) && busyStates.has(error.code ?? '')))
    return new AppError('BUSY', 'The database is busy. Try again shortly.', {
      cause: error,
      retryAfter,
    })
  if (!isGone(error)) return null
  return new AppError(
    'DATABASE_UNAVAILABLE',
    'The database cannot be reached. Try again shortly.',
    { cause: error, retryAfter },
  )
}

/** Whether it is the statement itself that the database gave up: others may fare better. */
export function isTooLong(error: unknown): error is pg.DatabaseError {
  return isRefusal(error) && error.code === tooLong
}

/** The AppError for a change that may have been made or not: the caller can find out by asking for it again. */
export function outcomeUnknown(cause: unknown): AppError {
  return new AppError(
    'DATABASE_UNAVAILABLE',
    'The database did not say whether this was kept. Try again with the same clientId: it takes effect once.',
    { cause, retryAfter },
  )
}

const retryAfter = 2

function isGone(error: unknown): boolean {
  if (error instanceof DatabaseSilentError) return true
  if (isRefusal(error)) return unavailableStates.test(error.code ?? '')
  if (error instanceof AggregateError) return error.errors.some(isGone)
  if (!(error instanceof Error)) return false
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return networkCodes.has(code) || networkWords.test(error.message)
}

function isRefusal(error: unknown): error is pg.DatabaseError {
  return error instanceof pg.DatabaseError
}
