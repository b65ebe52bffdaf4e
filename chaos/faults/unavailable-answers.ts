import type { Attempt, Send } from '../check/history.ts'

/** How tries that began within a time in which nothing could be written were answered. */
export interface UnavailableAnswers {
  overHttp: number
  overSocket: number
  acknowledged: number
  unanswered: number
  /** Answered with something else than that the database is away and when to try again; over HTTP with another status than 503. */
  wrong: number
  /** Milliseconds. */
  slowest: number
}

/** @param until the end of that time; tries that began in the last 2 s of it may be overtaken by the return. */
export function unavailableAnswers(
  sends: readonly Send[],
  from: number,
  until: number,
): UnavailableAnswers {
  const tries = sends
    .flatMap(({ attempts }) => attempts)
    .filter(({ at }) => at > from && at < until - 2_000)
    .filter(({ reason }) => reason !== 'NOT_CONNECTED')
  const answered = tries.filter(({ outcome }) => outcome !== 'unknown')
  const overHttp = tries.filter(({ way }) => way === 'http')
  return {
    overHttp: overHttp.length,
    overSocket: tries.length - overHttp.length,
    acknowledged: tries.filter(({ outcome }) => outcome === 'ok').length,
    unanswered: tries.length - answered.length,
    wrong: answered.filter((attempt) => !saysSo(attempt)).length,
    slowest: Math.max(...answered.map(({ took }) => took)),
  }
}

const away = new Set(['DATABASE_UNAVAILABLE', 'BUSY'])

function saysSo({ way, status, reason = '', retryAfter = 0 }: Attempt): boolean {
  return away.has(reason) && retryAfter > 0 && (way === 'socket' || status === 503)
}
