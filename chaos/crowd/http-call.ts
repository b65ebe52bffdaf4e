import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import type { Refusal } from './frames.ts'

/** How a call over HTTP went. Without a status nobody answered. */
export interface HttpAnswer {
  took: number
  status: number | null
  /** Seconds that Retry-After asks for. */
  retryAfter: number | null
  data: unknown
  refusal: Refusal | null
  /** What broke, where nobody answered. */
  broke: string | null
}

interface Call {
  port: number
  /** A bearer token, or a cookie as a browser sends it. */
  token?: string
  cookie?: string
  path: string
  input: unknown
  patienceMs: number
  method?: 'GET' | 'POST'
}

/** One call of the API on a connection of its own; never throws. */
export async function httpCall(call: Call): Promise<HttpAnswer> {
  const begin = performance.now()
  const took = () => performance.now() - begin
  try {
    const { status, retryAfter, body } = await exchange(call)
    const parsed = parse(body)
    const refusal = parsed?.error ? (parsed.error.data ?? { reason: 'INTERNAL' }) : null
    return { took: took(), status, retryAfter, data: parsed?.result?.data, refusal, broke: null }
  } catch (error) {
    const broke = error instanceof Error ? error.message : String(error)
    return { took: took(), status: null, retryAfter: null, data: null, refusal: null, broke }
  }
}

async function exchange(call: Call) {
  const { port, token, cookie, path, input, patienceMs, method = 'POST' } = call
  const json = JSON.stringify(input)
  const query = method === 'GET' ? `?input=${encodeURIComponent(json)}` : ''
  const signal = AbortSignal.timeout(patienceMs)
  return new Promise<{ status: number; retryAfter: number | null; body: string }>(
    (resolve, reject) => {
      const sent = request({
        host: '127.0.0.1',
        port,
        path: `/trpc/${path}${query}`,
        method,
        agent: false,
        signal,
        headers: {
          'content-type': 'application/json',
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(cookie === undefined ? {} : { cookie }),
        },
      })
      sent.on('error', reject)
      sent.on('response', (response) => {
        const retryAfter = response.headers['retry-after']
        text(response).then(
          (body) =>
            resolve({
              status: response.statusCode ?? 0,
              retryAfter: retryAfter === undefined ? null : Number(retryAfter),
              body,
            }),
          reject,
        )
      })
      sent.end(method === 'POST' ? json : undefined)
    },
  )
}

interface Body {
  result?: { data?: unknown }
  error?: { data?: Refusal }
}

/** Null for what is no answer of the API: a page that says no. */
function parse(body: string): Body | null {
  try {
    return JSON.parse(body) as Body
  } catch {
    return null
  }
}
