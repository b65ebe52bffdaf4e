import { getTRPCErrorFromUnknown } from '@trpc/server'
import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import type { Actor, Context } from '../context.ts'
import { databaseFailure } from '../database-failure.ts'
import { AppError } from '../errors.ts'
import { countReset } from '../observe/count-reset.ts'
import { appRouter } from '../router.ts'
import type { Services } from '../services.ts'
import { EarlyError, logUnexpected, toTRPCError } from '../trpc.ts'
import { createContext } from './create-context.ts'
import { EventStreamGuard } from './event-stream-guard.ts'
import { httpLimits } from './limits.ts'
import { refusalResponse } from './refusal-response.ts'
import type { Visit } from './visit.ts'

export type TrpcHttp = (request: Request, visit: Visit) => Promise<Response>

/** tRPC over HTTP at /trpc: calls singly or in batches, and subscriptions as server-sent events. */
export function createTrpcHttp(services: Services): TrpcHttp {
  const streams = new EventStreamGuard(services.db, services.log)
  return async function answer(request, visit) {
    let actor: Actor | null = null
    visit.route = routePattern(request)
    // Browsers send forms and multipart to other sites without asking first; JSON they do not.
    if (
      request.method === 'POST' &&
      !/^application\/json\s*(?:;|$)/i.test(request.headers.get('content-type') ?? '')
    )
      return refusalResponse({ reason: 'MEDIA_TYPE_REFUSED' }, visit, request)
    const response = await fetchRequestHandler({
      endpoint: '/trpc',
      req: request,
      router: appRouter,
      maxBatchSize: httpLimits.batchCalls,
      async createContext({ resHeaders }) {
        const context = await contextFor(services, visit, request, resHeaders)
        actor = context.actor
        return context
      },
      onError({ error, ctx, path }) {
        countReset(services.metrics, error.cause)
        if (ctx) logUnexpected(error, ctx, path)
        else if (error.code === 'INTERNAL_SERVER_ERROR')
          services.log.error(
            { err: error.cause ?? error, requestId: visit.requestId, path },
            'the caller could not be identified',
          )
      },
      responseMeta: ({ errors }) => {
        const seconds = errors.map(({ cause }) =>
          cause instanceof AppError ? (cause.retryAfter ?? 0) : 0,
        )
        const longest = Math.max(0, ...seconds)
        return longest > 0 ? { headers: new Headers({ 'retry-after': String(longest) }) } : {}
      },
    })
    return (
      streams.guard(await withRequestId(response, visit.requestId), actor) ??
      refusalResponse({ reason: 'TOO_MANY_SUBSCRIPTIONS' }, visit, request)
    )
  }
}

async function contextFor(
  services: Services,
  visit: Visit,
  request: Request,
  answerHeaders: Headers,
): Promise<Context> {
  // A site of the allow-list lives by bearer tokens: it is given no session either.
  const { decision } = visit
  const mayHaveCookies =
    'admission' in decision && Object.keys(decision.admission.cors).length === 0
  const setCookie = mayHaveCookies
    ? (header: string) => answerHeaders.append('set-cookie', header)
    : null
  try {
    return await createContext(services, visit, request, setCookie)
  } catch (error) {
    const known = error instanceof AppError ? error : databaseFailure(error)
    throw new EarlyError(
      known ? toTRPCError(known) : getTRPCErrorFromUnknown(error),
      visit.requestId,
    )
  }
}

/**
 * What tRPC refused before it asked for a context (broken JSON, too large a batch) has no id yet; of the latter it
 * does not say either that it is JSON.
 */
async function withRequestId(response: Response, requestId: string): Promise<Response> {
  const isJson = /^(?:application\/json|text\/plain)\b/.test(
    response.headers.get('content-type') ?? '',
  )
  if (response.status < 400 || !isJson) return response
  const text = await response.text()
  const headers = new Headers(response.headers)
  headers.delete('content-length')
  headers.set('content-type', 'application/json')
  const named = text.replaceAll('"requestId":null', `"requestId":${JSON.stringify(requestId)}`)
  return new Response(named, { status: response.status, headers })
}

const procedures: ReadonlySet<string> = new Set(Object.keys(appRouter._def.procedures))

function routePattern(request: Request): string {
  const path = new URL(request.url).pathname.slice('/trpc/'.length)
  if (procedures.has(path)) return `/trpc/${path}`
  return path.includes(',') ? '/trpc/batch' : '/trpc/unknown'
}
