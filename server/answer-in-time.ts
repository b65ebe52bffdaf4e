import { AppError } from './errors.ts'
import type { Services } from './services.ts'

/** Milliseconds after which a call is answered although the database is not done with it. */
const patienceMs = 1_650
const lookAgainMs = 50
/** Before that the guard of the connections looks whether the database is there at all, and has an answer by then. */
const guardAfterMs = 1_000
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
export type AnswerInTime = <T>(
  work: Promise<T>,
  call: { since: number; changes: boolean },
) => Promise<T>

interface Waiting {
  changes: boolean
  /** performance.now() when it is looked after next. */
  due: number
  /** When it is told that the database is in trouble. */
  refuseFrom: number
  reject: (refusal: AppError) => void
}

/**
 * One clock for all calls that are under way: thousands of them may wait for one commit, and what each holds meanwhile is
 * moved by every collection of garbage (docs/decisions/015).
 */
export function createAnswerInTime(database: Pick<Services, 'pool' | 'guard'>): AnswerInTime {
  const calls = new Set<Waiting>()
  let timer: NodeJS.Timeout | null = null
  let lookAt = Infinity

  function lookBy(due: number): void {
    if (due >= lookAt) return
    if (timer) clearTimeout(timer)
    lookAt = due
    // What has arrived meanwhile is read first: a busy event loop is no sign of a busy database.
    timer = setTimeout(() => void setImmediate(look), Math.max(0, due - performance.now()))
    timer.unref()
  }

  function look(): void {
    const now = performance.now()
    let next = Infinity
    if (calls.size > 0) database.guard.look()
    for (const call of calls) {
      if (call.refuseFrom <= now) {
        const refusal = refuse(database, call.changes)
        if (refusal) {
          calls.delete(call)
          call.reject(refusal)
          continue
        }
      }
      if (call.due <= now) call.due = Math.max(call.refuseFrom, now + lookAgainMs)
      next = Math.min(next, call.due)
    }
    lookAt = Infinity
    if (next < Infinity) lookBy(next)
  }

  return function answerInTime(work, { since, changes }) {
    return new Promise((resolve, reject) => {
      const due = since + guardAfterMs
      const call: Waiting = { changes, due, refuseFrom: since + patienceMs, reject }
      calls.add(call)
      lookBy(call.due)
      // Promise.race would make four more promises, for each call.
      work.then(
        (value) => {
          calls.delete(call)
          resolve(value)
        },
        (error: Error) => {
          calls.delete(call)
          reject(error)
        },
      )
    })
  }
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
