import { randomBytes } from 'node:crypto'
import type { Server } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Services } from '../services.ts'
import { allowedMethods } from './gate.ts'
import type { Refusal } from './refusal.ts'
import { securityHeaders } from './security-headers.ts'
import { writeRawRefusal } from './write-refusal.ts'

/** What is not HTTP, came too slowly, or wants a tunnel: node has no request to show for it, only a socket. */
export function answerMalformed(web: Server, { env, metrics }: Services): void {
  web.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy()
    else refuse({ reason: reasonOf(error) }, socket)
  })
  web.on('connect', (_, socket: Duplex) => {
    refuse({ reason: 'METHOD_REFUSED', headers: { allow: allowedMethods } }, socket)
  })

  function refuse(refusal: Refusal, socket: Duplex): void {
    metrics.refusals.inc({ reason: refusal.reason })
    const requestId = randomBytes(12).toString('base64url')
    const nonce = randomBytes(16).toString('base64')
    const https = env.PUBLIC_URL?.startsWith('https:') ?? false
    const headers = securityHeaders({ nonce, requestId, host: null, https, development: false })
    // Whoever sent it may be gone; there is nobody else to tell.
    socket.on('error', () => socket.destroy())
    writeRawRefusal(refusal, { requestId, nonce, headers }, '/', socket)
  }
}

function reasonOf({ code }: NodeJS.ErrnoException): Refusal['reason'] {
  if (code === 'HPE_HEADER_OVERFLOW') return 'HEADERS_TOO_LARGE'
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'REQUEST_SLOW'
  return 'REQUEST_MALFORMED'
}
