import type { AppLoadContext, ServerBuild } from '@remix-run/server-runtime'
import { createRequestHandler } from '@remix-run/server-runtime'
import { TRPCError } from '@trpc/server'
import { databaseFailure } from '../database-failure.ts'
import { AppError } from '../errors.ts'
import { createCaller } from '../router.ts'
import type { Services } from '../services.ts'
import { logUnexpected } from '../trpc.ts'
import { createContext } from './create-context.ts'
import { refusalResponse } from './refusal-response.ts'
import type { Visit } from './visit.ts'

export type Pages = (request: Request, visit: Visit) => Promise<Response>

/** The web app: Remix renders, and asks the API in process as the person who came. */
export function createPages(services: Services, loadBuild: () => Promise<ServerBuild>): Pages {
  const mode = services.env.NODE_ENV
  const handle = createRequestHandler(async () => withLog(await loadBuild(), services), mode)

  return async function answer(request, visit) {
    visit.route = 'pages'
    // The old way to fetch a loader's data. Ours is single fetch; what nobody uses is not left open.
    if (new URL(request.url).searchParams.has('_data'))
      return refusalResponse({ reason: 'URL_INVALID' }, visit, request)
    const cookies: string[] = []
    try {
      const context = await loadContext(services, visit, request, (cookie) => cookies.push(cookie))
      const response = await handle(request, context)
      if (isLastResort(response) && mode !== 'development')
        return refusalResponse({ reason: 'INTERNAL' }, visit, request)
      const headers = new Headers(response.headers)
      for (const cookie of cookies) headers.append('set-cookie', cookie)
      headers.set('cache-control', 'no-store')
      return new Response(response.body, { status: response.status, headers })
    } catch (error) {
      const cause = error instanceof TRPCError ? error.cause : error
      if (cause instanceof AppError && cause.reason === 'RATE_LIMITED') {
        const headers = { 'retry-after': String(cause.retryAfter ?? 1) }
        return refusalResponse({ reason: 'RATE_LIMITED', headers }, visit, request)
      }
      const unavailable = databaseFailure(cause)
      if (unavailable) return refusalResponse({ reason: 'DATABASE_UNAVAILABLE' }, visit, request)
      throw error
    }
  }
}

async function loadContext(
  services: Services,
  visit: Visit,
  request: Request,
  setCookie: (header: string) => void,
): Promise<AppLoadContext> {
  // Pages are for browsers, which have cookies; a bearer token opens the API only.
  const headers = new Headers(request.headers)
  headers.delete('authorization')
  const asker = new Request(request.url, { headers })
  const context = await createContext(services, visit, asker, setCookie)
  const api = createCaller(context, {
    onError: ({ error, path }) => logUnexpected(error, context, path),
  })
  const [viewer, info] = await Promise.all([
    context.actor ? api.auth.me().then(({ user }) => user) : null,
    api.system.info(),
  ])
  return { api, viewer, nonce: visit.nonce, requestId: visit.requestId, info }
}

/** Remix tells of failures on the console unless the entry module says where; ours go into the log, once. */
function withLog(build: ServerBuild, { log }: Services): ServerBuild {
  const module = {
    ...build.entry.module,
    handleError(
      error: unknown,
      { context, request }: { context: AppLoadContext; request: Request },
    ) {
      const expected = error instanceof TRPCError || isClientError(error)
      if (expected || request.signal.aborted) return
      log.error({ err: error, requestId: context.requestId }, 'a page failed')
    },
  }
  return { ...build, entry: { ...build.entry, module } }
}

/** What Remix makes of an address without a route, or a method that a route does not have. */
function isClientError(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('status' in error)) return false
  return typeof error.status === 'number' && error.status >= 400 && error.status < 500
}

/** Remix's bare line of text for when not even the error page could be rendered. */
function isLastResort({ status, headers }: Response): boolean {
  return status === 500 && headers.get('content-type') === 'text/plain'
}
