/**
 * Every way a call can fail on purpose. The reason is stable: clients and tests match on it.
 * Each transport has one total map from `kind` to its own codes (tRPC: server/trpc.ts).
 */
export type ErrorKind =
  | 'BAD_REQUEST'
  | 'UNAUTHORIZED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'CONFLICT'
  | 'PRECONDITION_FAILED'
  | 'PAYLOAD_TOO_LARGE'
  | 'TOO_MANY_REQUESTS'
  | 'SERVICE_UNAVAILABLE'

/** Reason → kind. Reasons are a closed set: a new failure is named here first. */
export const reasons = {
  INPUT_INVALID: 'BAD_REQUEST',

  NOT_SIGNED_IN: 'UNAUTHORIZED',
  SIGN_IN_REFUSED: 'UNAUTHORIZED',
  SESSION_ENDED: 'UNAUTHORIZED',
  TOKEN_REFUSED: 'UNAUTHORIZED',
  /** Signing in or out over a socket: there is no answer there that could carry a cookie. */
  HTTP_NEEDED: 'BAD_REQUEST',

  SIGN_UP_REFUSED: 'FORBIDDEN',
  INVITATION_NEEDED: 'FORBIDDEN',
  INVITATION_REFUSED: 'FORBIDDEN',
  EMAIL_DOMAIN_REFUSED: 'FORBIDDEN',
  PASSWORD_TOO_COMMON: 'BAD_REQUEST',
  PASSWORD_WRONG: 'FORBIDDEN',
  HANDLE_TAKEN: 'CONFLICT',

  NOT_ALLOWED: 'FORBIDDEN',
  ORIGIN_REFUSED: 'FORBIDDEN',
  LAST_OWNER: 'PRECONDITION_FAILED',

  PERSON_NOT_FOUND: 'NOT_FOUND',
  THREAD_NOT_FOUND: 'NOT_FOUND',
  MESSAGE_NOT_FOUND: 'NOT_FOUND',
  SESSION_NOT_FOUND: 'NOT_FOUND',
  TOKEN_NOT_FOUND: 'NOT_FOUND',
  INVITATION_NOT_FOUND: 'NOT_FOUND',
  PROCEDURE_NOT_FOUND: 'NOT_FOUND',

  THREAD_ARCHIVED: 'PRECONDITION_FAILED',
  DIRECT_THREAD_FIXED: 'PRECONDITION_FAILED',
  MESSAGE_DELETED: 'PRECONDITION_FAILED',
  TOO_MANY_EDITS: 'PRECONDITION_FAILED',
  CLIENT_ID_REUSED: 'CONFLICT',

  /** The cursor is not one of ours. */
  CURSOR_UNKNOWN: 'BAD_REQUEST',
  /** The cursor is ahead of the log: it belongs to a history that is not here. */
  CURSOR_AHEAD: 'PRECONDITION_FAILED',
  /** History was rewritten (a restore) since the cursor was given: load everything again. */
  CURSOR_EPOCH: 'PRECONDITION_FAILED',

  PAYLOAD_TOO_LARGE: 'PAYLOAD_TOO_LARGE',
  RATE_LIMITED: 'TOO_MANY_REQUESTS',
  TOO_MANY_SUBSCRIPTIONS: 'TOO_MANY_REQUESTS',
  BUSY: 'SERVICE_UNAVAILABLE',
  DATABASE_UNAVAILABLE: 'SERVICE_UNAVAILABLE',
  STOPPING: 'SERVICE_UNAVAILABLE',
} as const satisfies Record<string, ErrorKind>

export type Reason = keyof typeof reasons

/** An expected failure; `message` is shown to people: what happened and what to do. */
export class AppError extends Error {
  readonly reason: Reason
  readonly kind: ErrorKind
  /** Seconds until a retry makes sense, where that is known. */
  readonly retryAfter: number | undefined

  constructor(reason: Reason, message: string, options?: { cause?: unknown; retryAfter?: number }) {
    super(message, options && 'cause' in options ? { cause: options.cause } : undefined)
    this.reason = reason
    this.kind = reasons[reason]
    this.retryAfter = options?.retryAfter
  }
}
