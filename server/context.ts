import type { Logger } from 'pino'
import type { Services } from './services.ts'

/** Who asks, proven by a session cookie or a bearer token. */
export interface Actor {
  id: string
  kind: 'person' | 'bot'
  role: 'owner' | 'admin' | 'member'
  via: { type: 'session'; sessionId: string } | { type: 'token'; tokenId: string }
}

/** What every procedure gets, whichever way it was called. */
export interface Context {
  services: Services
  actor: Actor | null
  requestId: string
  /** Of the connection that calls come over one by one; absent where each is a request of its own. */
  connectionId?: string
  /** Address of the client, from the socket or the platform's own header; never from X-Forwarded-For. */
  address: string
  userAgent: string | null
  log: Logger
  /** performance.now() when the request came; absent where calls come one by one over something that stays open. */
  since?: number
  /** Adds a Set-Cookie header to the answer; null where there is none to add it to (sockets). */
  setCookie: ((header: string) => void) | null
}
