import { createServer, type RequestListener, type Server } from 'node:http'
import { isIPv6, type AddressInfo } from 'node:net'
import type { Env } from '../env.ts'
import { httpLimits } from './limits.ts'
import { createOps, type Operations } from './ops.ts'
import { createReception } from './visit.ts'
import { writeRefusal } from './write-refusal.ts'

/** The two ports of an instance, bound. Until there is more, the web port says that Skein is starting. */
export interface Listeners {
  web: Server
  ops: Server
  /** What the operations port tells. */
  operations: Operations
  /** What to open in a browser. */
  url: string
  opsUrl: string
  close(): Promise<void>
}

/** A port could not be bound; the message says which, why and what to do. */
export class ListenError extends Error {}

/**
 * Binds both ports or neither: before anything else is started, so that a taken port leaves nothing half-started.
 * @throws ListenError
 */
export async function openListeners(env: Env): Promise<Listeners> {
  const operations: Operations = { services: null, waitingFor: 'starting', draining: false }
  const web = createWebServer()
  web.on('request', answerStarting(env))
  const ops = createServer(
    { keepAliveTimeout: 5_000, requestTimeout: 10_000 },
    createOps(operations),
  )
  await listen(web, 'PORT', env.PORT, env.HOST)
  try {
    await listen(ops, 'OPS_PORT', env.OPS_PORT, env.OPS_HOST)
  } catch (error) {
    await closeServer(web)
    throw error
  }
  return {
    web,
    ops,
    operations,
    url: env.PUBLIC_URL ?? localUrl(web, env.HOST),
    opsUrl: localUrl(ops, env.OPS_HOST),
    close: async () => {
      await Promise.all([closeServer(web), closeServer(ops)])
    },
  }
}

function createWebServer(): Server {
  const server = createServer({
    maxHeaderSize: httpLimits.headerBytes,
    headersTimeout: httpLimits.headersMs,
    requestTimeout: httpLimits.requestMs,
    connectionsCheckingInterval: 2_000,
    keepAliveTimeout: httpLimits.keepAliveMs,
    // The gate says what is wrong with a Host, with the headers that every answer carries.
    requireHostHeader: false,
    noDelay: true,
  })
  // Beyond this number node drops headers in silence; the gate must see them all. Their bytes are limited.
  server.maxHeadersCount = 0
  server.setTimeout(httpLimits.idleMs)
  return server
}

function answerStarting(env: Env): RequestListener {
  const receive = createReception(env)
  return function answer(incoming, outgoing) {
    const visit = receive(incoming, 'http')
    outgoing.setHeaders(new Map(Object.entries(visit.headers)))
    writeRefusal(visit.refusal ?? { reason: 'STARTING' }, visit, incoming, outgoing)
  }
}

function listen(server: Server, variable: string, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(new ListenError(explain(error, variable, port, host), { cause: error }))
    })
    server.listen({ port, host }, () => {
      server.removeAllListeners('error')
      resolve()
    })
  })
}

function explain(
  error: NodeJS.ErrnoException,
  variable: string,
  port: number,
  host: string,
): string {
  if (error.code === 'EADDRINUSE')
    return `port ${port} is taken by another program: stop it, or set ${variable} to a free port`
  if (error.code === 'EACCES')
    return `port ${port} may not be used by this account: set ${variable} to one above 1023`
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND')
    return `${host} is not an address of this machine: check ${variable === 'PORT' ? 'HOST' : 'OPS_HOST'}`
  return `port ${port} cannot be opened (${error.message}): check ${variable}`
}

export async function closeServer(server: Server): Promise<void> {
  if (!server.listening) return
  await new Promise<void>((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

/** An address that works on this machine, also where we listen on all of its addresses. */
function localUrl(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo
  const everywhere = host === '::' || host === '0.0.0.0' || host === '127.0.0.1' || host === '::1'
  const name = everywhere ? 'localhost' : isIPv6(host) ? `[${host}]` : host
  return `http://${name}:${port}`
}
