/**
 * The gate in front of everything, for requests and upgrades alike: a pure decision over what the socket sent, made
 * before anything parses a URL, reads a body or looks at a cookie. Frameworks behind it answer odd Hosts and Origins
 * with 500, or not at all.
 */
import { createHostRule } from './host-rule.ts'
import { httpLimits } from './limits.ts'
import { judgeOrigin } from './origin-rule.ts'
import type { Refusal } from './refusal.ts'
import type { Env } from '../env.ts'

export interface GateRequest {
  kind: 'http' | 'upgrade'
  method: string
  /** The request target, as sent. */
  url: string
  /** Names and values in turn, as sent. */
  rawHeaders: readonly string[]
}

export interface Admission {
  /** The Host as sent: valid, and one of ours. */
  host: string
  /** What may be believed of the headers: nothing that a proxy might have added, no cookies of other sites. */
  rawHeaders: string[]
  /** For an origin of the allow-list: headers its answer carries. */
  cors: Record<string, string>
  /** A preflight: answer it with `cors` and no more. */
  preflight: boolean
}

export type GateDecision = { refusal: Refusal } | { admission: Admission }

export type Gate = (request: GateRequest) => GateDecision

const methods = ['GET', 'HEAD', 'POST', 'OPTIONS']
const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])
export const allowedMethods = methods.join(', ')

/** Anyone can send these; none is ever believed. A platform's own header is read before (client-address.ts). */
const spoofable =
  /^(?:x-forwarded-.*|forwarded|x-real-ip|x-request-id|x-http-method-override|x-original-.*|x-rewrite-url)$/

export function createGate(
  env: Pick<Env, 'PUBLIC_URL' | 'ALLOWED_HOSTS' | 'ALLOWED_ORIGINS'>,
): Gate {
  const publicUrl = env.PUBLIC_URL === undefined ? null : new URL(env.PUBLIC_URL)
  const hostRule = createHostRule(publicUrl, env.ALLOWED_HOSTS)
  const otherOrigins = new Set(env.ALLOWED_ORIGINS.map((origin) => new URL(origin).origin))

  return function decide({ kind, method, url, rawHeaders }) {
    if (!methods.includes(method) || (kind === 'upgrade' && method !== 'GET'))
      return refuse('METHOD_REFUSED', { allow: kind === 'upgrade' ? 'GET' : allowedMethods })
    if (Buffer.byteLength(url) > httpLimits.urlBytes) return refuse('URL_TOO_LONG')
    if (!isPlainPath(url)) return refuse('URL_INVALID')
    if (rawHeaders.length / 2 > httpLimits.headers) return refuse('HEADERS_TOO_LARGE')

    const headers = collect(rawHeaders)
    const [host, ...moreHosts] = headers.get('host') ?? []
    if (host === undefined || moreHosts.length > 0) return refuse('HOST_INVALID')
    const hostVerdict = hostRule(host)
    if (hostVerdict !== 'ours')
      return refuse(hostVerdict === 'invalid' ? 'HOST_INVALID' : 'HOST_UNKNOWN')

    const origin = judgeOrigin({
      origins: headers.get('origin') ?? [],
      fetchSite: headers.get('sec-fetch-site')?.[0],
      fetchMode: headers.get('sec-fetch-mode')?.[0],
      host,
      publicUrl,
      otherOrigins,
    })
    const isApi = /^\/trpc(?:[/?]|$)/.test(url)
    const mayForeign = origin === 'allow-listed' && isApi
    const mustBeOurs =
      kind === 'upgrade' || !safeMethods.has(method) || isPreflight(method, headers)
    if (mustBeOurs && origin !== 'own' && origin !== 'none' && !mayForeign)
      return refuse('ORIGIN_REFUSED')

    // Of requests by other sites' pages, only a link that was followed comes as the person who followed it.
    const mayBringCookies = origin === 'own' || origin === 'none' || origin === 'link'
    return {
      admission: {
        host,
        rawHeaders: keepHeaders(
          rawHeaders,
          (name) => !spoofable.test(name) && (mayBringCookies || name !== 'cookie'),
        ),
        cors: mayForeign ? corsHeaders(headers.get('origin')?.[0] ?? '') : {},
        preflight: mayForeign && isPreflight(method, headers),
      },
    }
  }
}

function refuse(reason: Refusal['reason'], headers?: Record<string, string>): { refusal: Refusal } {
  return { refusal: headers ? { reason, headers } : { reason } }
}

/** One slash, no backslash, no fragment, no control characters, no broken escapes: what every parser reads alike. */
function isPlainPath(url: string): boolean {
  if (!/^\/(?!\/)[!-~]*$/.test(url) || /[\\#]/.test(url)) return false
  const path = url.split('?', 1)[0] ?? ''
  if (/%(?:00|2f|5c)/i.test(path)) return false
  try {
    decodeURIComponent(path)
    return true
  } catch {
    return false
  }
}

function collect(rawHeaders: readonly string[]): Map<string, string[]> {
  const headers = new Map<string, string[]>()
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]?.toLowerCase() ?? ''
    headers.set(name, [...(headers.get(name) ?? []), rawHeaders[i + 1] ?? ''])
  }
  return headers
}

function keepHeaders(rawHeaders: readonly string[], keep: (name: string) => boolean): string[] {
  return rawHeaders.filter((_, i) => keep(rawHeaders[i - (i % 2)]?.toLowerCase() ?? ''))
}

function isPreflight(method: string, headers: Map<string, string[]>): boolean {
  return (
    method === 'OPTIONS' && headers.has('origin') && headers.has('access-control-request-method')
  )
}

/** Bearer tokens only: without Allow-Credentials browsers send no cookies, and the gate drops any that come. */
function corsHeaders(origin: string): Record<string, string> {
  return {
    'access-control-allow-origin': origin,
    'access-control-allow-methods': 'GET, POST',
    'access-control-allow-headers':
      'authorization, content-type, last-event-id, trpc-accept, trpc-batch-mode',
    'access-control-expose-headers': 'retry-after, x-request-id',
    'access-control-max-age': '600',
    vary: 'Origin',
  }
}
