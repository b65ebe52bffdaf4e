/**
 * One WebSocket: proves who it is, reads frames, gives signs of life. Speaks the protocol of tRPC's own adapter, so
 * that a stock wsLink works with it.
 */
import { TRPCError } from '@trpc/server'
import type { WebSocket } from 'ws'
import type { Actor, Context } from '../../context.ts'
import { AppError } from '../../errors.ts'
import { closeCodes, socketLimits } from './limits.ts'
import { SocketCalls } from './socket-calls.ts'
import { parseConnectionParams, parseFrame } from './wire.ts'

export interface SocketSessionOptions {
  ws: WebSocket
  /** The context of this connection without its actor. */
  context: Omit<Context, 'actor'>
  /** True when the first message brings the token. */
  expectsParams: boolean
  /** Who it is, by the token of the first message, or (null) by what came with the upgrade. */
  authenticate: (token: string | null) => Promise<Actor | null>
  /** Called once when the actor is known; an error closes the socket with its code. */
  onActor: (session: SocketSession, actor: Actor) => CloseReason | null
}

export interface CloseReason {
  code: number
  reason: string
}

export class SocketSession {
  readonly #options: SocketSessionOptions
  readonly #calls: SocketCalls
  /** Nobody, until it is known who this is. */
  #context: Context
  /** Resolves when it is known who this is; calls that came earlier wait for it. */
  #authenticated: Promise<void> | null = null
  #deadline: NodeJS.Timeout
  #awaitsPong = false

  constructor(options: SocketSessionOptions) {
    this.#options = options
    const { ws } = options
    this.#context = { ...options.context, actor: null }
    this.#calls = new SocketCalls({
      send: (text) => this.send(text),
      close: (code, reason) => this.close(code, reason),
      backlog: () => ws.bufferedAmount,
    })
    this.#deadline = setTimeout(() => {
      this.close(closeCodes.notSignedIn, 'no credentials in time')
    }, socketLimits.authenticateMs)
    ws.on('message', (data, isBinary) => {
      if (isBinary || !Buffer.isBuffer(data))
        this.close(closeCodes.badFrame, 'frames are JSON text')
      else this.#receive(data.toString('utf8'))
    })
    ws.on('pong', () => {
      this.#awaitsPong = false
    })
    ws.on('close', () => this.#release())
    if (!options.expectsParams) this.#authenticated = this.#identify(null)
  }

  get actor(): Actor | null {
    return this.#context.actor
  }

  /** The rights of the person changed; calls from now on are judged by them. */
  setRole(role: Actor['role']): void {
    const { actor } = this.#context
    if (actor) this.#context = { ...this.#context, actor: { ...actor, role } }
  }

  get bufferedBytes(): number {
    return this.#options.ws.bufferedAmount
  }

  get subscriptionCount(): number {
    return this.#calls.subscriptionCount
  }

  send(text: string): void {
    if (this.#options.ws.readyState === this.#options.ws.OPEN) this.#options.ws.send(text)
  }

  close(code: number, reason: string): void {
    this.#release()
    this.#options.ws.close(code, reason)
    // A peer that does not answer the closing handshake holds nothing for long.
    setTimeout(() => this.#options.ws.terminate(), 2_000).unref()
  }

  /** Asks for a sign of life; a peer that gave none since the last call is gone. */
  ping(pongMs: number): void {
    this.#awaitsPong = true
    this.#options.ws.ping()
    setTimeout(() => {
      if (this.#awaitsPong) this.#options.ws.terminate()
    }, pongMs).unref()
  }

  #release(): void {
    clearTimeout(this.#deadline)
    this.#calls.stopAll()
  }

  async #identify(token: string | null): Promise<void> {
    const { authenticate, context, onActor } = this.#options
    try {
      const actor = await authenticate(token)
      this.#context = { ...context, actor }
      if (!actor) return
      clearTimeout(this.#deadline)
      const refused = onActor(this, actor)
      if (refused) this.close(refused.code, refused.reason)
    } catch (error) {
      this.#calls.refuse(null, error, this.#context)
      const refused = error instanceof AppError && error.kind === 'UNAUTHORIZED'
      this.close(refused ? closeCodes.notSignedIn : 1011, refused ? error.message : 'try again')
    }
  }

  #receive(text: string): void {
    if (text === 'PING') return this.send('PONG')
    if (text === 'PONG') return
    try {
      if (!this.#authenticated) {
        this.#authenticated = this.#identify(parseConnectionParams(text))
        return
      }
      for (const message of parseFrame(text, socketLimits.messagesPerFrame)) {
        // In the order in which they came, once it is known who asks.
        void this.#authenticated.then(() =>
          message.method === 'subscription.stop'
            ? this.#calls.stop(message.id)
            : this.#calls.take(message, this.#context),
        )
      }
    } catch (cause) {
      const message = 'This is not a message of the protocol.'
      this.#calls.refuse(
        null,
        new TRPCError({ code: 'PARSE_ERROR', message, cause }),
        this.#context,
      )
      this.close(closeCodes.badFrame, 'not a message of the protocol')
    }
  }
}
