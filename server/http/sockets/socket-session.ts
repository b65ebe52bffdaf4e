/**
 * One WebSocket: proves who it is, reads frames, gives signs of life. Speaks the protocol of tRPC's own adapter, so
 * that a stock wsLink works with it. Thousands of these wait idly: what one keeps is kept small.
 */
import type { Duplex } from 'node:stream'
import { TRPCError } from '@trpc/server'
import type { WebSocket } from 'ws'
import type { Actor, Context } from '../../context.ts'
import { AppError } from '../../errors.ts'
import type { CarriedEvent } from '../../log/carried-event.ts'
import type { FactStreamId } from '../../log/fact-sink.ts'
import type { Flushable } from '../../log/turn-end.ts'
import type { CredentialHolder } from '../credential-watch.ts'
import { encodeTextFrame } from './encode-text-frame.ts'
import type { FactFrames } from './fact-frames.ts'
import { closeCodes, socketLimits } from './limits.ts'
import { SocketCalls, type CallLink } from './socket-calls.ts'
import { parseConnectionParams, parseFrame, type ClientMessage } from './wire.ts'

/** A ping without a payload (RFC 6455, section 5.5.2). */
const pingFrame = Buffer.from([0x89, 0])

/** Who it is, by the token of the first message, or (null) by what came with the upgrade. */
export type Authenticate = (token: string | null) => Promise<Actor | null>

export interface SocketSessionOptions {
  ws: WebSocket
  /** The connection under it: whole frames are written straight to it. */
  connection: Duplex
  /** Shared by all sockets of the instance. */
  frames: FactFrames
  /** The context of this connection without its actor. */
  context: Omit<Context, 'actor'>
  /** True when the first message brings the token. */
  expectsParams: boolean
  authenticate: Authenticate
  /** Called once when the actor is known; an error closes the socket with its code. */
  onActor: (session: SocketSession, actor: Actor) => CloseReason | null
}

export interface CloseReason {
  code: number
  reason: string
}

export class SocketSession implements CallLink, CredentialHolder, Flushable {
  readonly #ws: WebSocket
  readonly #connection: Duplex
  readonly #frames: FactFrames
  readonly #calls = new SocketCalls(this)
  /** Of nobody, until it is known who this is. */
  #context: Context
  /** Resolves when it is known who this is; calls that came earlier wait for it. Null until credentials are there. */
  #authenticated: Promise<void> | null = null
  /** Null once it is known who this is, or that it will not be. */
  #authenticate: Authenticate | null
  #deadline: NodeJS.Timeout | null
  #awaitsPong = false
  /** Frames that go out at the end of this turn of the event loop. */
  #waiting: Buffer[] | null = null

  constructor(options: SocketSessionOptions) {
    const { ws, onActor } = options
    this.#ws = ws
    this.#connection = options.connection
    this.#frames = options.frames
    this.#context = { ...options.context, actor: null }
    this.#authenticate = options.authenticate
    this.#deadline = setTimeout(() => {
      const isLookedUp = this.#authenticated !== null && this.#authenticate !== null
      if (isLookedUp) this.close(closeCodes.tryAgain, 'try again')
      else this.close(closeCodes.notSignedIn, 'no credentials in time')
    }, socketLimits.authenticateMs)
    ws.on('message', (data, isBinary) => {
      // Its pong may be far behind, after all that it has not read yet.
      this.#awaitsPong = false
      if (isBinary || !Buffer.isBuffer(data))
        this.close(closeCodes.badFrame, 'frames are JSON text')
      else this.#receive(data.toString('utf8'), onActor)
    })
    ws.on('pong', () => {
      this.#awaitsPong = false
    })
    ws.on('close', () => this.#release())
    if (!options.expectsParams) this.#authenticated = this.#identify(null, onActor)
  }

  get context(): Context {
    return this.#context
  }

  get actor(): Actor | null {
    return this.#context.actor
  }

  /** What the person may do; calls from now on are judged by it. */
  setRole(role: Actor['role']): void {
    const { actor } = this.#context
    if (actor && actor.role !== role)
      this.#context = { ...this.#context, actor: { ...actor, role } }
  }

  credentialEnded(): void {
    this.close(closeCodes.sessionEnded, 'the session has ended')
  }

  get subscriptionCount(): number {
    return this.#calls.subscriptionCount
  }

  backlog(): number {
    let bytes = this.#connection.writableLength
    if (this.#waiting) for (const frame of this.#waiting) bytes += frame.length
    return bytes
  }

  /**
   * Past ws, as one whole frame. Right only because ws itself never leaves a frame half-written here: nothing is
   * compressed, and all it sends are pongs and goodbyes. Goes out at the end of this turn of the event loop, together
   * with what else there is for this socket by then.
   */
  send(text: string): void {
    if (this.#ws.readyState !== this.#ws.OPEN) return
    if (!this.#waiting) {
      this.#waiting = []
      this.#context.services.hub.atTurnEnd(this)
    }
    this.#waiting.push(encodeTextFrame([text]))
  }

  /** Joined: to hand over a list costs more than to copy a few hundred bytes. */
  flush(): void {
    const frames = this.#waiting
    this.#waiting = null
    if (!frames || this.#ws.readyState !== this.#ws.OPEN) return
    const [first] = frames
    this.#connection.write(frames.length === 1 && first ? first : Buffer.concat(frames))
  }

  /** As a frame that other sockets get, too. */
  writeFacts(id: FactStreamId, cursor: string, events: readonly CarriedEvent[]): void {
    if (this.#isClosing()) return
    const frame = this.#frames.frame(id, cursor, events)
    if (this.#waiting) this.#waiting.push(frame)
    else this.#connection.write(frame)
  }

  failFacts(id: FactStreamId, error: AppError): void {
    this.#calls.failFacts(id, error)
  }

  close(code: number, reason: string): void {
    this.#release()
    // Nothing may follow the goodbye.
    this.flush()
    this.#ws.close(code, reason)
    // A peer that does not answer the closing handshake holds nothing for long.
    setTimeout(() => this.#ws.terminate(), 2_000).unref()
  }

  /** Asks for a sign of life. */
  ping(): void {
    this.#awaitsPong = true
    // Past ws, as facts are: all are asked at once, and what ws does around two bytes shows (docs/decisions/022).
    if (!this.#isClosing()) this.#connection.write(pingFrame)
  }

  /** A peer that gave no sign since it was asked is gone. */
  endIfSilent(): void {
    if (this.#awaitsPong) this.#ws.terminate()
  }

  /**
   * Nothing may follow a goodbye. ws ends the connection as soon as the one that it answers has been written, so that ws
   * itself has to be asked only while something is still to be written.
   */
  #isClosing(): boolean {
    const connection = this.#connection
    if (!connection.writable) return true
    return connection.writableLength > 0 && this.#ws.readyState !== this.#ws.OPEN
  }

  #take(message: ClientMessage): void {
    if (message.method === 'subscription.stop') {
      this.#calls.count()
      this.#calls.stop(message.id)
    } else void this.#calls.take(message)
  }

  #release(): void {
    this.#stopDeadline()
    this.#calls.stopAll()
  }

  #stopDeadline(): void {
    if (this.#deadline) clearTimeout(this.#deadline)
    this.#deadline = null
  }

  async #identify(token: string | null, onActor: SocketSessionOptions['onActor']): Promise<void> {
    try {
      const actor = (await this.#authenticate?.(token)) ?? null
      // Gone meanwhile: its end was heard before anybody could count it as theirs.
      if (this.#ws.readyState !== this.#ws.OPEN) return
      this.#context = { ...this.#context, actor }
      if (!actor) return
      this.#stopDeadline()
      const refused = onActor(this, actor)
      if (refused) this.close(refused.code, refused.reason)
    } catch (error) {
      this.#calls.refuse(null, error)
      const refused = error instanceof AppError && error.kind === 'UNAUTHORIZED'
      this.close(
        refused ? closeCodes.notSignedIn : closeCodes.tryAgain,
        refused ? error.message : 'try again',
      )
    } finally {
      // It holds on to all that came with the upgrade.
      this.#authenticate = null
    }
  }

  #receive(text: string, onActor: SocketSessionOptions['onActor']): void {
    if (text === 'PING' || text === 'PONG') {
      this.#calls.count()
      if (text === 'PING') this.send('PONG')
      return
    }
    try {
      if (!this.#authenticated) {
        this.#authenticated = this.#identify(parseConnectionParams(text), onActor)
        return
      }
      // In the order in which they came, once it is known who asks.
      for (const message of parseFrame(text))
        if (this.#authenticate === null) this.#take(message)
        else void this.#authenticated.then(() => this.#take(message))
    } catch (cause) {
      const message = 'This is not a message of the protocol.'
      this.#calls.refuse(null, new TRPCError({ code: 'PARSE_ERROR', message, cause }))
      this.close(closeCodes.badFrame, 'not a message of the protocol')
    }
  }
}
