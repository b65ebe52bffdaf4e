import {
  createTRPCClient,
  httpBatchLink,
  httpLink,
  splitLink,
  TRPCClientError,
  wsLink,
} from '@trpc/client'
import type { createWSClient, TRPCClient } from '@trpc/client'
import type { AppRouter } from '../../server/router.ts'

export type Api = TRPCClient<AppRouter>
export type Socket = ReturnType<typeof createWSClient>

/** What a failed call carries beside its message. */
export interface Failure {
  /** Said to people: what happened and what to do. */
  message: string
  /** Stable name; null when no answer came at all. */
  reason: string | null
  /** HTTP status of the answer; null when no answer came at all. */
  status: number | null
  /** Milliseconds until a retry makes sense, where the server said so. */
  retryAfterMs: number | null
}

/** Calls over HTTP, batched; subscriptions over the socket. */
export function createApi(socket: () => Socket): Api {
  return createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: (op) => op.type === 'subscription',
        true: (runtime) => (op) => wsLink<AppRouter>({ client: socket() })(runtime)(op),
        false: splitLink({
          condition: (op) => op.context['parting'] === true,
          true: httpLink({ url: '/trpc', fetch: (url, init) => keepAlive(url, init, true) }),
          false: httpBatchLink({ url: '/trpc', maxItems: 10, fetch: keepAliveWhenHidden }),
        }),
      }),
    ],
  })
}

/** With this context a call goes out at once and outlives the page: a batch waits for a tick that may not come. */
export const parting = { context: { parting: true } }

/** A call made while the page goes away still goes out. */
function keepAliveWhenHidden(url: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  return keepAlive(url, init, document.visibilityState === 'hidden')
}

function keepAlive(
  url: RequestInfo | URL,
  init: RequestInit | undefined,
  keepalive: boolean,
): Promise<Response> {
  return fetch(url, { ...init, keepalive })
}

/** What went wrong, whatever was thrown. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof TRPCClientError)) {
    return { message: String(error), reason: null, status: null, retryAfterMs: null }
  }
  const data: unknown = error.data
  const { reason, httpStatus, retryAfter } = (data ?? {}) as Record<string, unknown>
  return {
    message: error.message,
    reason: typeof reason === 'string' ? reason : null,
    status: typeof httpStatus === 'number' ? httpStatus : null,
    retryAfterMs: typeof retryAfter === 'number' ? retryAfter * 1_000 : null,
  }
}

/** Whether the same call may well succeed later: no answer, too many at once, or the server's own trouble. */
export function isPassing({ status }: Failure): boolean {
  return status === null || status >= 500 || status === 408 || status === 429
}
