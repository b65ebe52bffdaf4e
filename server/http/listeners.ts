import { createServer, type Server } from 'node:http'
import { isIPv6, type AddressInfo } from 'node:net'
import type { Env } from '../env.ts'
import { httpLimits } from './limits.ts'
import { createOps, type Operations } from './ops.ts'

/** The two ports of an instance. */
export interface Listeners {
  web: Server
  /** What the operations port tells, which it does from the start. */
  operations: Operations
  opsUrl: string
  /**
   * Opens the web port, which is closed until there is somebody to answer: an open port means "send people here" to
   * every load balancer.
   * @returns what to open in a browser.
   * @throws ListenError
   */
  open(): Promise<string>
  close(): Promise<void>
}

/** A port could not be bound; the message says which, why and what to do. */
export class ListenError extends Error {}

/**
 * Opens the operations port and makes sure that the web port can be had: before anything else is started, so that a
 * taken port leaves nothing half-started.
 * @throws ListenError
 */
export async function openListeners(env: Env): Promise<Listeners> {
  const operations: Operations = { services: null, waitingFor: 'starting', draining: false }
  const web = createWebServer()
  const openWeb = () => listen(web, 'PORT', env.PORT, env.HOST)
  await openWeb()
  await closeServer(web)
  const ops = createServer(
    { keepAliveTimeout: 5_000, requestTimeout: 10_000 },
    createOps(operations),
  )
  await listen(ops, 'OPS_PORT', env.OPS_PORT, env.OPS_HOST)
  return {
    web,
    operations,
    opsUrl: localUrl(ops, env.OPS_HOST),
    async open() {
      await openWeb()
      return env.PUBLIC_URL ?? localUrl(web, env.HOST)
    },
    async close() {
      await Promise.all([closeServer(web), closeServer(ops)])
    },
  }
}

function createWebServer(): Server {
  const server = createServer({
    maxHeaderSize: httpLimits.headerBytes,
    headersTimeout: httpLimits.headersMs,
    requestTimeout: httpLimits.requestMs,
    connectionsCheckingInterval: 5_000,
    keepAliveTimeout: httpLimits.keepAliveMs,
    // The gate says what is wrong with a Host, with the headers that every answer carries.
    requireHostHeader: false,
    noDelay: true,
    // Java's client and curl offer h2c on plain HTTP with any request: who cannot upgrade is answered as if not asked.
    shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === 'websocket',
  })
  // Beyond this number node drops headers in silence; the gate must see them all. Their bytes are limited.
  server.maxHeadersCount = 0
  return server
}

function listen(server: Server, variable: string, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(new ListenError(explain(error, variable, port, host), { cause: error }))
    })
    const backlog = httpLimits.connectionsWaiting
    // Without a host node binds `::`, and 0.0.0.0 where there is no IPv6.
    server.listen(host === '::' ? { port, backlog } : { port, host, backlog }, () => {
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

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  // Also where it had stopped listening before: what is under way is cut here.
  server.closeAllConnections()
  await closed
}

/** An address that works on this machine, also where we listen on all of its addresses. */
function localUrl(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo
  const everywhere = host === '::' || host === '0.0.0.0' || host === '127.0.0.1' || host === '::1'
  const name = everywhere ? 'localhost' : isIPv6(host) ? `[${host}]` : host
  return `http://${name}:${port}`
}
