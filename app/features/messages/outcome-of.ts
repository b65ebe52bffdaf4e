import { SkeinError } from '../../../client/index.ts'
import { reportFailure } from '~/lib/report-failure.ts'
import type { SendOutcome } from './outbox.ts'

const sendAgainMs = 3_000

/** What a send that failed means for the message: only a definite no of the server's is a refusal. */
export function outcomeOf(error: unknown): SendOutcome {
  if (!(error instanceof SkeinError)) {
    reportFailure(error)
    return { type: 'later', afterMs: sendAgainMs }
  }
  const { definite, message, retryAfter } = error
  if (definite) return { type: 'refused', problem: message }
  return { type: 'later', afterMs: retryAfter === undefined ? sendAgainMs : retryAfter * 1_000 }
}
