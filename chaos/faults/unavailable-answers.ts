import type { Send } from '../check/history.ts'

/** How tries that began within a time in which nothing could be written were answered. */
export interface UnavailableAnswers {
  tries: number
  acknowledged: number
  unanswered: number
  /** Over HTTP, and not 503 with Retry-After. */
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
  const overHttp = answered.filter(({ status }) => status !== undefined)
  return {
    tries: tries.length,
    acknowledged: tries.filter(({ outcome }) => outcome === 'ok').length,
    unanswered: tries.length - answered.length,
    wrong: overHttp.filter(({ status, retryAfter }) => status !== 503 || !retryAfter).length,
    slowest: Math.max(0, ...answered.map(({ took }) => took)),
  }
}
