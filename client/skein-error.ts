import { TRPCClientError } from '@trpc/client'
import type { Router, ServerReason } from './contract.ts'

/**
 * Why something failed; stable names to match on. Those of the server, INTERNAL for what it did not expect, and the
 * client's own:
 *
 * - `NO_ANSWER`: the server could not be reached, or the connection broke before its answer.
 * - `TIMED_OUT`: no definite answer within the time that was given.
 * - `ABORTED`: the caller's AbortSignal ended it.
 * - `CLOSED`: the client was closed.
 * - `NOT_SKEIN`: something else than Skein answered (a proxy's error page, a wrong url).
 * - `HANDLER_FAILED`: `onEvents` or `onReset` threw at every attempt; `cause` is what it threw last.
 * - `STORE_FAILED`: a position could not be loaded or kept; `cause` says why.
 * - `POSITION_MOVED`: another follower keeps its position under the same name.
 * - `HOLE`: numbers are missing in a stream and the server does not fill them.
 */
export type Reason =
  | ServerReason
  | 'INTERNAL'
  | 'NO_ANSWER'
  | 'TIMED_OUT'
  | 'ABORTED'
  | 'CLOSED'
  | 'NOT_SKEIN'
  | 'HANDLER_FAILED'
  | 'STORE_FAILED'
  | 'POSITION_MOVED'
  | 'HOLE'

/** What a {@link SkeinError} may be made with. */
export interface SkeinErrorOptions {
  cause?: unknown
  status?: number | undefined
  retryAfter?: number | undefined
  requestId?: string | undefined
  fields?: Readonly<Record<string, string>> | undefined
}

/** Every failure of this client: calls reject with it, `Following.done` too. */
export class SkeinError extends TRPCClientError<Router> {
  /** Stable name of the failure. */
  readonly reason: Reason
  /** HTTP status of the answer; undefined when none came. */
  readonly status: number | undefined
  /** Seconds until a retry makes sense, where the server said so. */
  readonly retryAfter: number | undefined
  /** Stands in the server's log beside what happened: give it to the operator. */
  readonly requestId: string | undefined
  /** With INPUT_INVALID: what is wrong with which field. */
  readonly fields: Readonly<Record<string, string>> | undefined

  constructor(reason: Reason, message: string, options: SkeinErrorOptions = {}) {
    const { cause } = options
    super(message, cause instanceof Error ? { cause } : {})
    // The parent sets its own prototype.
    Object.setPrototypeOf(this, SkeinError.prototype)
    this.name = 'SkeinError'
    this.reason = reason
    this.status = options.status
    this.retryAfter = options.retryAfter
    this.requestId = options.requestId
    this.fields = options.fields
  }

  /** Whether the same call may well succeed later: no answer, too many at once, or trouble on the server's side. */
  get passing(): boolean {
    if (this.reason === 'NO_ANSWER' || this.reason === 'TIMED_OUT') return true
    const { status } = this
    return status !== undefined && (status >= 500 || status === 408 || status === 429)
  }

  /** Whether the server itself refused what was asked, and would again: no proxy's page, and whoever asks is known. */
  get definite(): boolean {
    const isAnswer = this.status !== undefined && this.reason !== 'NOT_SKEIN'
    return isAnswer && !this.passing && !this.credentialsRefused
  }

  /** Whether whoever asks is not, or no longer, known to the server: only other credentials help. */
  get credentialsRefused(): boolean {
    return credentialReasons.has(this.reason)
  }
}

const credentialReasons: ReadonlySet<Reason> = new Set([
  'NOT_SIGNED_IN',
  'SESSION_ENDED',
  'TOKEN_REFUSED',
  'ORIGIN_REFUSED',
] satisfies Reason[])

/** The named error for whatever was thrown. */
export function skeinErrorOf(thrown: unknown): SkeinError {
  if (thrown instanceof SkeinError) return thrown
  if (isAbort(thrown)) return new SkeinError('ABORTED', 'It was broken off.', { cause: thrown })
  if (!(thrown instanceof TRPCClientError))
    return new SkeinError('NO_ANSWER', 'The server could not be reached.', { cause: thrown })
  if (isAbort(thrown.cause))
    return new SkeinError('ABORTED', 'It was broken off.', { cause: thrown })
  const told = errorOfShape({ message: thrown.message, data: thrown.data as unknown }, thrown)
  if (told) return told
  return new SkeinError('NO_ANSWER', 'The server could not be reached.', { cause: thrown })
}

/** The error that tRPC's error shape tells of; null when it is none of Skein's. */
export function errorOfShape(shape: unknown, cause?: unknown): SkeinError | null {
  if (typeof shape !== 'object' || shape === null) return null
  const { message, data } = shape as { message?: unknown; data?: unknown }
  if (typeof data !== 'object' || data === null) return null
  const { reason, httpStatus, retryAfter, requestId, fields } = data as Record<string, unknown>
  if (typeof reason !== 'string') return null
  return new SkeinError(reason as Reason, typeof message === 'string' ? message : reason, {
    cause,
    status: typeof httpStatus === 'number' ? httpStatus : undefined,
    retryAfter: typeof retryAfter === 'number' ? retryAfter : undefined,
    requestId: typeof requestId === 'string' ? requestId : undefined,
    fields: fields as Record<string, string> | undefined,
  })
}

/** The error for an answer that is not in Skein's form. */
export function errorOfResponse(response: Response): SkeinError {
  const { status } = response
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
  return new SkeinError('NOT_SKEIN', `Something else than Skein answered (HTTP ${status}).`, {
    status,
    retryAfter: Number.isFinite(seconds) ? seconds : undefined,
  })
}

function isAbort(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.name === 'AbortError'
}
