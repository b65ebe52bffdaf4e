import { initTRPC, TRPCError, type ProcedureType } from '@trpc/server'
import { ZodError } from 'zod'
import type { Context } from './context.ts'
import { AppError, reasons, type ErrorKind, type Reason } from './errors.ts'
import { databaseFailure } from './database-failure.ts'

/**
 * Who may call. `participant`, `moderator` and `author` are proven inside the verb, by reaching the thing through
 * the caller's own participation; the others here, before it runs.
 */
export type Permission =
  'anyone' | 'signed-in' | 'participant' | 'moderator' | 'author' | 'admin' | 'owner'

export interface ErrorData {
  /** Stable name of the failure; INTERNAL for what we did not expect. */
  reason: Reason | 'INTERNAL'
  /** Stands in the server's log beside what happened. */
  requestId: string | null
  /** Seconds until a retry makes sense. */
  retryAfter?: number
  /** What is wrong with which field of the input. */
  fields?: Record<string, string>
}

const t = initTRPC
  .context<Context>()
  .meta<{ permission: Permission }>()
  .create({
    isDev: false,
    errorFormatter({ shape, error, ctx }) {
      const early = error instanceof EarlyError ? error.requestId : null
      const { message, ...data } = describeError(error, ctx?.requestId ?? early)
      return { ...shape, message, data: { ...shape.data, ...data } }
    },
    sse: {
      ping: { enabled: true, intervalMs: 15_000 },
      client: { reconnectAfterInactivityMs: 35_000 },
    },
  })

/** A failure before there was a context; it brings the request's id itself, into streams of answers too. */
export class EarlyError extends TRPCError {
  readonly requestId: string

  constructor({ code, message, cause }: TRPCError, requestId: string) {
    super({ code, message, cause })
    this.requestId = requestId
  }
}

/** The one map from our failures to what clients are told. Unexpected errors show an id, never their detail. */
export function describeError(
  error: TRPCError,
  requestId: string | null,
): ErrorData & { message: string } {
  const cause = error.cause
  if (cause instanceof AppError)
    return {
      message: cause.message,
      reason: cause.reason,
      requestId,
      ...(cause.retryAfter === undefined ? {} : { retryAfter: cause.retryAfter }),
    }
  if (cause instanceof ZodError && error.code === 'BAD_REQUEST') {
    const fields: Record<string, string> = {}
    for (const issue of cause.issues) fields[issue.path.join('.') || 'input'] ??= issue.message
    const [field, problem] = Object.entries(fields)[0] ?? ['input', 'not valid']
    return { message: `${field}: ${problem}`, reason: 'INPUT_INVALID', requestId, fields }
  }
  const known = reasonOfCode[error.code as keyof typeof reasonOfCode]
  if (known) return { message: error.message, reason: known, requestId }
  return {
    message: `Something went wrong on our side. If it stays, give your operator this id: ${requestId ?? 'none'}.`,
    reason: 'INTERNAL',
    requestId,
  }
}

/** What tRPC itself refuses, before any of our code runs. */
const reasonOfCode = {
  BAD_REQUEST: 'INPUT_INVALID',
  PARSE_ERROR: 'INPUT_INVALID',
  NOT_FOUND: 'PROCEDURE_NOT_FOUND',
  METHOD_NOT_SUPPORTED: 'PROCEDURE_NOT_FOUND',
  UNSUPPORTED_MEDIA_TYPE: 'INPUT_INVALID',
  PAYLOAD_TOO_LARGE: 'PAYLOAD_TOO_LARGE',
  CLIENT_CLOSED_REQUEST: 'STOPPING',
} as const satisfies Partial<Record<TRPCError['code'], Reason>>

/** Every ErrorKind is a tRPC code of the same name; this line stops compiling when that is no longer so. */
const codes: { [K in ErrorKind]: TRPCError['code'] & K } = {
  BAD_REQUEST: 'BAD_REQUEST',
  UNAUTHORIZED: 'UNAUTHORIZED',
  FORBIDDEN: 'FORBIDDEN',
  NOT_FOUND: 'NOT_FOUND',
  CONFLICT: 'CONFLICT',
  PRECONDITION_FAILED: 'PRECONDITION_FAILED',
  PAYLOAD_TOO_LARGE: 'PAYLOAD_TOO_LARGE',
  TOO_MANY_REQUESTS: 'TOO_MANY_REQUESTS',
  SERVICE_UNAVAILABLE: 'SERVICE_UNAVAILABLE',
}

export function toTRPCError(error: AppError): TRPCError {
  return new TRPCError({ code: codes[reasons[error.reason]], message: error.message, cause: error })
}

/**
 * Around every call. A person's flood of calls takes no more than their share, over whichever transport it comes; a call
 * has its answer in time, also from a database that gives none; and what fails is told in our words.
 */
function attend<Result extends { ok: true } | { ok: false; error: TRPCError }>(
  ctx: Context,
  type: ProcedureType,
  run: () => Promise<Result>,
): Promise<Result> {
  try {
    if (ctx.actor) ctx.services.pace.take(ctx.actor.id)
    if (type === 'subscription') return run().then(inOurWords, failInOurWords)
    const since = ctx.since ?? performance.now()
    const answer = ctx.services.answerInTime(run(), { since, changes: type === 'mutation' })
    return answer.then(inOurWords, failInOurWords)
  } catch (error) {
    return Promise.reject(expected(error) ?? (error as Error))
  }
}

function inOurWords<Result extends { ok: true } | { ok: false; error: TRPCError }>(
  result: Result,
): Result {
  const known = result.ok ? null : expected(result.error.cause)
  if (known) throw known
  return result
}

function failInOurWords(error: unknown): never {
  throw expected(error) ?? error
}

function expected(cause: unknown): TRPCError | null {
  const known = cause instanceof AppError ? cause : databaseFailure(cause)
  return known && toTRPCError(known)
}

// One middleware each: every further one copies the context, and was a good part of what a small call costs.
const base = t.procedure.use(({ ctx, type, next }) => attend(ctx, type, () => next()))

const signedIn = t.procedure.use(({ ctx, type, next }) =>
  attend(ctx, type, () => {
    if (!ctx.actor) throw new AppError('NOT_SIGNED_IN', 'Sign in first.')
    return next({ ctx: { actor: ctx.actor } })
  }),
)

const staff = (roles: readonly string[]) =>
  signedIn.use(({ ctx, next }) => {
    if (!roles.includes(ctx.actor.role))
      throw toTRPCError(new AppError('NOT_ALLOWED', `Only ${roles.join(' or ')} may do this.`))
    return next()
  })

/** For anyone, signed in or not. */
export const openProcedure = base.meta({ permission: 'anyone' })
/** For whoever is signed in; with a narrower permission named, the verb proves it by look-up. */
export const procedure = (permission: 'signed-in' | 'participant' | 'moderator' | 'author') =>
  signedIn.meta({ permission })
export const adminProcedure = staff(['owner', 'admin']).meta({ permission: 'admin' })
export const ownerProcedure = staff(['owner']).meta({ permission: 'owner' })

export const router = t.router
export const createCallerFactory = t.createCallerFactory

/** Logs what nobody expected, once, beside the id that the client is told. Expected failures are answers. */
export function logUnexpected(
  error: TRPCError,
  ctx: Context | undefined,
  path: string | undefined,
): void {
  if (error.code !== 'INTERNAL_SERVER_ERROR') return
  const { requestId } = ctx ?? {}
  ctx?.log.error({ err: error.cause ?? error, path, requestId }, 'a call failed unexpectedly')
}
