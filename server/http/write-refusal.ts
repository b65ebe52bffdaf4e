import { STATUS_CODES, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { renderRefusal } from './render-refusal.ts'
import type { Refusal } from './refusal.ts'
import type { Visit } from './visit.ts'

/** Answers a request that goes no further; the headers of the visit are on the response already. */
export function writeRefusal(
  refusal: Refusal,
  visit: Visit,
  request: { method?: string | undefined; url?: string | undefined },
  response: ServerResponse,
): void {
  const { status, headers, body } = renderRefusal(refusal, { ...visit, url: request.url ?? '/' })
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) })
  response.end(request.method === 'HEAD' ? undefined : body)
}

const hangUpMs = 2_000

/** The same where there is only a socket: upgrades, and what is not HTTP at all. */
export function writeRawRefusal(
  refusal: Refusal,
  visit: Pick<Visit, 'requestId' | 'nonce' | 'headers'>,
  url: string,
  socket: Duplex,
): void {
  const { status, headers, body } = renderRefusal(refusal, { ...visit, url })
  const lines = Object.entries({
    ...visit.headers,
    ...headers,
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  }).map(([name, value]) => `${name}: ${value}\r\n`)
  // Who does not hang up then is cut.
  setTimeout(() => socket.destroy(), hangUpMs).unref()
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${body}`)
}
