/** All WebSockets of this instance: who they belong to, signs of life, ends of sessions, leaving. */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type WebSocket } from 'ws'
import { randomUUID } from 'node:crypto'
import type { Actor } from '../../context.ts'
import { authenticate } from '../../features/accounts/authenticate.ts'
import type { StreamListener } from '../../log/watched-stream.ts'
import type { Services } from '../../services.ts'
import { CredentialWatch } from '../credential-watch.ts'
import type { Refusal } from '../refusal.ts'
import { FactFrames } from './fact-frames.ts'
import { closeCodes, socketLimits } from './limits.ts'
import { PersonSockets } from './person-sockets.ts'
import { SocketSession, type Authenticate, type CloseReason } from './socket-session.ts'
import { reconnectFrame } from './wire.ts'

/** What the gate found out about an upgrade before it let it through. */
export interface UpgradeClient {
  address: string
  userAgent: string | null
  /** The cookie header, or null where cookies do not count: requests of other origins. */
  cookieHeader: string | null
  authorization: string | null
  /** Turns it away after all, with the headers that every answer carries. */
  refuse: (refusal: Refusal) => void
}

export interface Sockets {
  /** Takes over an upgrade that the gate let through. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer, client: UpgradeClient): void
  /** Asks all clients to go elsewhere, spread over some seconds. */
  drain(spreadMs?: number): Promise<void>
  close(): void
}

/** Milliseconds, where a test cannot wait as long as a deployment does. */
type Times = Pick<typeof socketLimits, 'pingMs' | 'pongMs' | 'recheckMs'>

export function createSockets(
  services: Services,
  times: { [K in keyof Times]: number } = socketLimits,
): Sockets {
  const { db, hub, log, metrics, eventLoop } = services
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: socketLimits.frameBytes,
  })
  const refusals = new WeakMap<IncomingMessage, UpgradeClient['refuse']>()
  server.on('wsClientError', (_error, _socket, request) =>
    refusals.get(request)?.({ reason: 'HANDSHAKE_INVALID' }),
  )
  const sessions = new Set<SocketSession>()
  const byPerson = new Map<string, PersonSockets>()
  const credentials = new CredentialWatch(db, log, times.recheckMs)
  const frames = new FactFrames()
  let stopping = false

  function admit(session: SocketSession, actor: Actor): CloseReason | null {
    const own = byPerson.get(actor.id) ?? watchPerson(actor.id)
    if (own.sessions.size >= socketLimits.socketsPerPerson)
      return {
        code: closeCodes.tooManySockets,
        reason: `at most ${socketLimits.socketsPerPerson} connections a person`,
      }
    own.sessions.add(session)
    own.ready.then(
      () => {
        if (sessions.has(session)) credentials.add(session)
      },
      () => session.close(closeCodes.tryAgain, 'the database is away; try again'),
    )
    return null
  }

  function watchPerson(id: string): PersonSockets {
    const own = new PersonSockets()
    byPerson.set(id, own)
    own.ready = hub.watch(id, own).ready
    own.ready.catch((error: unknown) =>
      log.warn({ err: error }, 'the end of a session could not be watched'),
    )
    return own
  }

  function leave(session: SocketSession): void {
    sessions.delete(session)
    credentials.delete(session)
    const id = session.actor?.id
    const own = id === undefined ? undefined : byPerson.get(id)
    if (id === undefined || !own?.sessions.delete(session) || own.sessions.size > 0) return
    byPerson.delete(id)
    hub.unwatch(id, own)
  }

  // A changed role counts at once on open sockets.
  const roles: StreamListener = {
    hear({ event }) {
      if (event.type !== 'person.updated') return
      const { id, role } = event.payload.person
      credentials.roleChanged()
      for (const session of byPerson.get(id)?.sessions ?? []) session.setRole(role)
    },
    renew() {
      // Who they are and what they may was of the other history, too. Subscriptions have been told by now.
      for (const session of [...sessions])
        setTimeout(() => {
          session.close(closeCodes.goingAway, 'the history was restored')
        }, Math.random() * socketLimits.drainSpreadMs).unref()
    },
  }
  const { streamId } = services.server
  hub
    .watch(streamId, roles)
    .ready.catch((error: unknown) => log.warn({ err: error }, 'changes of roles are not heard'))

  const pings = setInterval(() => {
    const asked = [...sessions]
    for (const session of asked) session.ping()
    setTimeout(() => {
      // What has arrived meanwhile is read first: a process that was busy, or frozen, is no sign that nobody is there.
      setImmediate(() => {
        for (const session of asked) session.endIfSilent()
      })
    }, times.pongMs).unref()
  }, times.pingMs)

  const stopCounting = metrics.atScrape(() => {
    let bytes = 0
    let subscriptions = 0
    for (const session of sessions) {
      bytes += session.backlog()
      subscriptions += session.subscriptionCount
    }
    metrics.sockets.set(sessions.size)
    metrics.queueBytes.set(bytes)
    metrics.subscriptions.set(subscriptions)
  })

  function open(ws: WebSocket, connection: Duplex, client: UpgradeClient, url: string): void {
    const requestId = randomUUID()
    const { address, userAgent } = client
    const session = new SocketSession({
      ws,
      connection,
      frames,
      context: {
        services,
        requestId,
        connectionId: requestId,
        address,
        userAgent,
        log,
        setCookie: null,
      },
      expectsParams: new URL(url, 'http://local').searchParams.get('connectionParams') === '1',
      authenticate: proof(services, client),
      onActor: admit,
    })
    sessions.add(session)
    eventLoop.lookClosely()
    metrics.sockets.set(sessions.size)
    ws.on('error', failed)
    ws.on('close', () => leave(session))
  }

  function failed(error: Error): void {
    log.debug({ err: error }, 'a socket failed')
  }

  return {
    accept(request, socket, head, client) {
      if (stopping) return client.refuse({ reason: 'STOPPING', headers: { 'retry-after': '1' } })
      refusals.set(request, client.refuse)
      server.handleUpgrade(request, socket, head, (ws) =>
        open(ws, socket, client, request.url ?? '/'),
      )
    },

    async drain(spreadMs = socketLimits.drainSpreadMs) {
      stopping = true
      const all = [...sessions]
      if (all.length === 0) return
      const step = spreadMs / Math.max(1, all.length - 1)
      await Promise.all(
        all.map(async (session, place) => {
          await new Promise((resolve) => setTimeout(resolve, place * step))
          session.send(reconnectFrame)
        }),
      )
      // Whoever follows the notice has closed by itself by now.
      await new Promise((resolve) => setTimeout(resolve, 200))
      for (const session of sessions) session.close(closeCodes.goingAway, 'the server is stopping')
    },

    close() {
      stopping = true
      clearInterval(pings)
      credentials.close()
      stopCounting()
      hub.unwatch(streamId, roles)
      for (const session of sessions) session.close(closeCodes.goingAway, 'the server is stopping')
      server.close()
    },
  }
}

/** Proves who it is, by a token or by what came with the upgrade. Made here, so that no listener keeps the upgrade. */
function proof(services: Services, client: UpgradeClient): Authenticate {
  return (token) =>
    authenticate(services.accounts, {
      cookieHeader: client.cookieHeader,
      authorization: token === null ? client.authorization : `Bearer ${token}`,
    })
}
