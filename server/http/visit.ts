import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Env } from '../env.ts'
import { clientAddress } from './client-address.ts'
import { createGate, type Admission, type GateDecision } from './gate.ts'
import { securityHeaders } from './security-headers.ts'

/** One request or upgrade, as the gate saw it. */
export interface Visit {
  /** Ours, never the client's: it stands in logs, answers and error pages alike. */
  requestId: string
  nonce: string
  /** The client's address. */
  address: string
  /** Everything the answer carries, whoever makes it. */
  headers: Record<string, string>
  decision: GateDecision
  /** Pattern of the route that answered, for the metrics. */
  route: string
}

/** Receives every request: its id, its nonce, the gate's word. */
export type Reception = (incoming: IncomingMessage, kind: 'http' | 'upgrade') => Visit

export function createReception(env: Env): Reception {
  const gate = createGate(env)
  const https = env.PUBLIC_URL?.startsWith('https:') ?? false
  const development = env.NODE_ENV === 'development'

  return function receive(incoming, kind) {
    const { method = '', url = '', rawHeaders } = incoming
    const decision = gate({ kind, method, url, rawHeaders })
    const admission = 'admission' in decision ? decision.admission : null
    const requestId = randomBytes(12).toString('base64url')
    const nonce = randomBytes(16).toString('base64')
    const host = admission?.host ?? null
    return {
      requestId,
      nonce,
      address: clientAddress(rawHeaders, incoming.socket.remoteAddress, env.CLIENT_ADDRESS_HEADER),
      headers: {
        ...securityHeaders({ nonce, requestId, host, https, development }),
        ...admission?.cors,
      },
      decision,
      route: 'refused',
    }
  }
}

/** Puts what the gate let through in place of what was sent: nothing behind it sees the rest. */
export function admit(incoming: IncomingMessage, admission: Admission): void {
  const { rawHeaders } = admission
  const kept = new Set(rawHeaders.filter((_, i) => i % 2 === 0).map((name) => name.toLowerCase()))
  incoming.headers = Object.fromEntries(
    Object.entries(incoming.headers).filter(([name]) => kept.has(name)),
  )
  incoming.rawHeaders = rawHeaders
}
