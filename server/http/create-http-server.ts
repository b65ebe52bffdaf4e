/**
 * The web port of an instance. Every request and every upgrade meets the gate first, on what the socket sent; its
 * answer carries the security headers whoever makes it, because they are on the response before anyone else has it.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Services } from '../services.ts'
import { answerMalformed } from './answer-malformed.ts'
import { createRequests } from './answer-requests.ts'
import { createUpgrades } from './answer-upgrades.ts'
import { createApp } from './create-app.ts'
import type { Development } from './development.ts'
import { openListeners, type Listeners } from './listeners.ts'
import { createPages } from './pages.ts'
import { createSockets } from './sockets/create-sockets.ts'
import { socketLimits } from './sockets/limits.ts'
import { createTrpcHttp } from './trpc-http.ts'
import { createReception } from './visit.ts'
import { openWebBuild, type WebBuild } from './web-build.ts'

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
  const { env } = services
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
  const requests = createRequests(services, receive, app, development)
  const upgrades = createUpgrades(services, receive, sockets, development)
  let listeners = options.listeners ?? null

  return {
    async listen() {
      listeners ??= await openListeners(env)
      const { web, operations, opsUrl } = listeners
      web.on('request', requests.answer)
      web.on('upgrade', upgrades)
      // "Expect:" something else than to continue.
      web.on('checkExpectation', requests.answer)
      answerMalformed(web, services)
      operations.services = services
      return { url: await listeners.open(), opsUrl }
    },

    async drain() {
      if (listeners) listeners.operations.draining = true
      const spreadMs = options.drainSpreadMs ?? socketLimits.drainSpreadMs
      await Promise.all([sockets.drain(spreadMs), requests.drain(spreadMs)])
      if (!listeners) return
      const { web } = listeners
      const finished = new Promise<void>((resolve) => web.close(() => resolve()))
      const closing = setInterval(() => web.closeIdleConnections(), 50)
      await Promise.race([finished, sleep(env.STOP_TIMEOUT * 1000, undefined, { ref: false })])
      clearInterval(closing)
    },

    async close() {
      sockets.close()
      if (!listeners) return
      await listeners.close()
    },
  }
}
