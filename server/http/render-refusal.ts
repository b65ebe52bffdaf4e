import { TRPC_ERROR_CODES_BY_KEY } from '@trpc/server/unstable-core-do-not-import'
import { refusalPage } from './refusal-page.ts'
import { refusals, type Refusal } from './refusal.ts'

export interface RenderedRefusal {
  status: number
  headers: Record<string, string>
  body: string
}

/** A refusal as its asker reads it: tRPC's error shape under /trpc, a page everywhere else. */
export function renderRefusal(
  refusal: Refusal,
  given: { url: string; nonce: string; requestId: string },
): RenderedRefusal {
  const { status, code, message } = refusals[refusal.reason]
  const retry: Record<string, string> = status === 503 ? { 'retry-after': '2' } : {}
  if (!/^\/trpc(?:[/?,]|$)/.test(given.url))
    return {
      status,
      headers: { 'content-type': 'text/html; charset=utf-8', ...retry, ...refusal.headers },
      body: refusalPage({ status, message, ...given }),
    }
  const data = { code, httpStatus: status, reason: refusal.reason, requestId: given.requestId }
  return {
    status,
    headers: { 'content-type': 'application/json', ...retry, ...refusal.headers },
    body: JSON.stringify({ error: { message, code: TRPC_ERROR_CODES_BY_KEY[code], data } }),
  }
}
