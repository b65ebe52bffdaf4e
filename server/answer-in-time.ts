import { AppError } from './errors.ts'
import type { Services } from './services.ts'

/** Milliseconds after which a call is answered although the database is not done with it. */
const patienceMs = 1_650
const lookAgainMs = 50
/** Without a byte for so long; who had to wait for a connection as long as one may has waited since then. */
const slowFromMs = 250
const retryAfter = 2

/**
 * What `work` gives, unless it waits for a database in trouble for longer than anyone should: then an honest refusal.
 * The work goes on until the database, the guard of its connections or a limit of theirs ends it, so a change may
 * still be made. Work that takes its time for another reason is waited for.
 * @param call.since performance.now() when the call came
 * @throws AppError DATABASE_UNAVAILABLE, or BUSY where it answers others
 */
export function answerInTime<T>(
  database: Pick<Services, 'pool' | 'guard'>,
  work: Promise<T>,
  call: { since: number; changes: boolean },
): Promise<T> {
  return new Promise((resolve, reject) => {
    let done = false
    const look = () => {
      if (done) return
      const refusal = refuse(database, call.changes)
      if (refusal) reject(refusal)
      else timer = setTimeout(later, lookAgainMs)
    }
    // What has arrived meanwhile is read first: a busy event loop is no sign of a busy database.
    const later = () => void setImmediate(look)
    let timer = setTimeout(later, Math.max(0, call.since + patienceMs - performance.now()))
    const end = () => {
      done = true
      clearTimeout(timer)
    }
    // Promise.race would make four more promises, for each call.
    work.then(
      (value) => {
        end()
        resolve(value)
      },
      (error: Error) => {
        end()
        reject(error)
      },
    )
  })
}

function refuse(
  { pool, guard }: Pick<Services, 'pool' | 'guard'>,
  changes: boolean,
): AppError | null {
  const trouble = guard.trouble(slowFromMs)
  if (trouble === null && pool.waitingCount === 0) return null
  const silent = trouble === 'silent'
  const words = silent ? 'The database does not answer.' : 'The database is busy.'
  const advice = changes
    ? 'Whether this takes effect is not known: try again with the same clientId, then it does so once.'
    : 'Try again shortly.'
  return new AppError(silent ? 'DATABASE_UNAVAILABLE' : 'BUSY', `${words} ${advice}`, {
    retryAfter,
  })
}
