import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Services } from '../services.ts'
import type { Development } from './development.ts'
import type { Refusal } from './refusal.ts'
import type { Sockets } from './sockets/create-sockets.ts'
import { admit, type Reception } from './visit.ts'
import { writeRawRefusal } from './write-refusal.ts'

export type UpgradeListener = (incoming: IncomingMessage, socket: Duplex, head: Buffer) => void

/** Upgrades: the same gate as for requests, then the WebSockets at /trpc. */
export function createUpgrades(
  { log, metrics }: Services,
  receive: Reception,
  sockets: Sockets,
  development: Development | undefined,
): UpgradeListener {
  // It stays on the socket as long as that lives, and must not keep the upgrade: hence out here.
  function brokeOff(error: Error): void {
    log.debug({ err: error }, 'an upgrade broke off')
  }

  return function answer(incoming, socket, head) {
    // Until the WebSocket has it nobody listens; a client that resets the connection must not end the process.
    socket.on('error', brokeOff)
    const visit = receive(incoming, 'upgrade')
    const url = incoming.url ?? '/'
    const refuse = (refusal: Refusal) => {
      metrics.refusals.inc({ reason: refusal.reason })
      writeRawRefusal(refusal, visit, url, socket)
    }
    if ('refusal' in visit.decision) return refuse(visit.decision.refusal)
    if (development?.ownsUpgrade(incoming)) return
    if (!/^\/trpc\/?(?:\?|$)/.test(url)) return refuse({ reason: 'PAGE_NOT_FOUND' })
    admit(incoming, visit.decision.admission)
    const { cookie, authorization, 'user-agent': userAgent } = incoming.headers
    sockets.accept(incoming, socket, head, {
      address: visit.address,
      userAgent: userAgent ?? null,
      cookieHeader: cookie ?? null,
      authorization: authorization ?? null,
      refuse,
    })
  }
}
