/**
 * The web port of an instance. Every request and every upgrade meets the gate first, on what the socket sent; its
 * answer carries the security headers whoever makes it, because they are on the response before anyone else has it.
 */
import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { getRequestListener } from '@hono/node-server'
import type { Services } from '../services.ts'
import { createApp } from './create-app.ts'
import type { Development } from './development.ts'
import { allowedMethods } from './gate.ts'
import { guardBody } from './guard-body.ts'
import { openListeners, type Listeners } from './listeners.ts'
import { createPages } from './pages.ts'
import { securityHeaders } from './security-headers.ts'
import { createSockets } from './sockets/create-sockets.ts'
import { createTrpcHttp } from './trpc-http.ts'
import { admit, createReception, type Visit } from './visit.ts'
import { openWebBuild, type WebBuild } from './web-build.ts'
import { writeRawRefusal, writeRefusal } from './write-refusal.ts'

export interface HttpServer {
  listen(): Promise<{ url: string; opsUrl: string }>
  /** Not ready any more; sends sockets elsewhere, spread over some seconds; finishes what is under way. */
  drain(): Promise<void>
  /** Cuts what is left and gives the ports back. */
  close(): Promise<void>
}

export interface HttpServerOptions {
  /** Ports bound before; otherwise `listen` binds them. */
  listeners?: Listeners
  /** The web app's build; read from build/ when not given. */
  build?: WebBuild
  /** Vite, in development: then there is no build. */
  development?: Development
  /** Milliseconds over which sockets are sent away at `drain`. */
  drainSpreadMs?: number
}

export async function createHttpServer(
  services: Services,
  options: HttpServerOptions = {},
): Promise<HttpServer> {
  const { env, log, metrics } = services
  const { development } = options
  const build = development ?? options.build ?? (await openWebBuild())
  const receive = createReception(env)
  const sockets = createSockets(services)
  const app = createApp({
    services,
    trpc: createTrpcHttp(services),
    assets: build.assets,
    pages: createPages(services, build.load),
  })
  const visits = new WeakMap<IncomingMessage, Visit>()
  const streams = new Set<ServerResponse>()
  let listeners = options.listeners ?? null
  let draining = false

  const respond = getRequestListener(
    async (request, bindings) => {
      const { incoming, outgoing } = bindings as {
        incoming: IncomingMessage
        outgoing: ServerResponse
      }
      const visit = visits.get(incoming)
      if (!visit) throw new Error('a request came past the gate')
      const response = await app.fetch(request, { incoming, outgoing, visit })
      if (response.headers.get('content-type')?.startsWith('text/event-stream')) {
        streams.add(outgoing)
        outgoing.once('close', () => streams.delete(outgoing))
      }
      return guardBody(response, outgoing, (error) =>
        log.error({ err: error, requestId: visit.requestId }, 'an answer broke off'),
      )
    },
    { overrideGlobalObjects: false },
  )

  function onRequest(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const started = performance.now()
    const visit = receive(incoming, 'http')
    outgoing.setHeaders(new Map(Object.entries(visit.headers)))
    if (draining) outgoing.setHeader('connection', 'close')
    outgoing.once('close', () => finish(visit, incoming, outgoing, started))
    if (visit.refusal) return refuse(visit, incoming, outgoing)
    if (visit.admission) admit(incoming, visit.admission)
    if (incoming.method === 'OPTIONS') {
      if (!visit.admission?.preflight) outgoing.setHeader('allow', allowedMethods)
      outgoing.writeHead(204).end()
      return
    }
    visits.set(incoming, visit)
    const app = () => void respond(incoming, outgoing)
    if (development) development.middleware(incoming, outgoing, app)
    else app()
  }

  function refuse(visit: Visit, incoming: IncomingMessage, outgoing: ServerResponse): void {
    if (!visit.refusal) return
    metrics.refusals.inc({ reason: visit.refusal.reason })
    writeRefusal(visit.refusal, visit, incoming, outgoing)
  }

  function finish(
    visit: Visit,
    { method }: IncomingMessage,
    { statusCode }: ServerResponse,
    started: number,
  ): void {
    const milliseconds = performance.now() - started
    const { route, requestId } = visit
    metrics.httpSeconds.observe(
      { route, status: `${Math.floor(statusCode / 100)}xx` },
      milliseconds / 1000,
    )
    log.debug(
      { requestId, method, route, status: statusCode, ms: Math.round(milliseconds) },
      'request',
    )
  }

  function onUpgrade(incoming: IncomingMessage, socket: Duplex, head: Buffer): void {
    // Until the WebSocket has it nobody listens; a client that resets the connection must not end the process.
    const onError = (error: Error) => log.debug({ err: error }, 'an upgrade broke off')
    socket.on('error', onError)
    const visit = receive(incoming, 'upgrade')
    const url = incoming.url ?? '/'
    if (!visit.refusal && development?.ownsUpgrade(incoming)) return
    const isApi = /^\/trpc\/?(?:\?|$)/.test(url)
    const refusal = visit.refusal ?? (isApi ? null : { reason: 'PAGE_NOT_FOUND' as const })
    if (refusal || !visit.admission) {
      metrics.refusals.inc({ reason: refusal?.reason ?? 'INTERNAL' })
      return writeRawRefusal(refusal ?? { reason: 'INTERNAL' }, visit, url, socket)
    }
    admit(incoming, visit.admission)
    const { cookie, authorization, 'user-agent': userAgent } = incoming.headers
    sockets.accept(incoming, socket, head, {
      address: visit.address,
      userAgent: userAgent ?? null,
      cookieHeader: cookie ?? null,
      authorization: authorization ?? null,
    })
  }

  /** What is not HTTP, or came too slowly: node has no request to show, only a socket. */
  function onClientError(error: NodeJS.ErrnoException, socket: Duplex): void {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy()
      return
    }
    const reason =
      error.code === 'HPE_HEADER_OVERFLOW'
        ? 'HEADERS_TOO_LARGE'
        : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
          ? 'REQUEST_SLOW'
          : 'REQUEST_MALFORMED'
    metrics.refusals.inc({ reason })
    writeRawRefusal({ reason }, anonymousVisit(), '/', socket)
  }

  function anonymousVisit(): Pick<Visit, 'requestId' | 'nonce' | 'headers'> {
    const requestId = randomBytes(12).toString('base64url')
    const nonce = randomBytes(16).toString('base64')
    const https = env.PUBLIC_URL?.startsWith('https:') ?? false
    return {
      requestId,
      nonce,
      headers: securityHeaders({ nonce, requestId, host: null, https, development: false }),
    }
  }

  return {
    async listen() {
      listeners ??= await openListeners(env)
      const { web, operations, opsUrl } = listeners
      web.on('request', onRequest)
      web.on('upgrade', onUpgrade)
      web.on('clientError', onClientError)
      // A tunnel through us, or "Expect:" something else than to continue: the gate knows neither.
      web.on('connect', (_, socket: Duplex) =>
        writeRawRefusal(
          { reason: 'METHOD_REFUSED', headers: { allow: allowedMethods } },
          anonymousVisit(),
          '/',
          socket,
        ),
      )
      web.on('checkExpectation', onRequest)
      operations.services = services
      return { url: await listeners.open(), opsUrl }
    },

    async drain() {
      draining = true
      if (listeners) listeners.operations.draining = true
      await sockets.drain(options.drainSpreadMs)
      if (!listeners) return
      for (const stream of streams) stream.destroy()
      const { web } = listeners
      const finished = new Promise<void>((resolve) => web.close(() => resolve()))
      const closing = setInterval(() => web.closeIdleConnections(), 50)
      await Promise.race([finished, sleep(env.STOP_TIMEOUT * 1000, undefined, { ref: false })])
      clearInterval(closing)
    },

    async close() {
      draining = true
      sockets.close()
      if (!listeners) return
      await listeners.close()
    },
  }
}
