/**
 * One WebSocket: proves who it is, answers calls, carries subscriptions. Speaks the protocol of tRPC's own adapter,
 * so that a stock wsLink works with it; facts are written straight from the hub (FactSubscription.pipe), everything
 * else is iterated as tRPC does.
 */
import {
  callTRPCProcedure,
  getErrorShape,
  getTRPCErrorFromUnknown,
  isTrackedEnvelope,
  TRPCError,
} from '@trpc/server'
import type { WebSocket } from 'ws'
import type { Actor, Context } from '../../context.ts'
import { AppError } from '../../errors.ts'
import { FactSubscription } from '../../features/events/fact.subscription.ts'
import type { FactStream } from '../../log/fact-stream.ts'
import { appRouter } from '../../router.ts'
import { logUnexpected, toTRPCError } from '../../trpc.ts'
import { closeCodes, socketLimits } from './limits.ts'
import { factFrame, parseConnectionParams, parseFrame, type Call, type RequestId } from './wire.ts'

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
  readonly #subscriptions = new Map<RequestId, () => void>()
  #context: Context | null = null
  /** Resolves when it is known who this is; calls that came earlier wait for it. */
  #authenticated: Promise<void> | null = null
  #callsUnderWay = 0
  #deadline: NodeJS.Timeout
  #awaitsPong = false

  constructor(options: SocketSessionOptions) {
    this.#options = options
    const { ws } = options
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
    return this.#context?.actor ?? null
  }

  /** The rights of the person changed; calls from now on are judged by them. */
  setRole(role: Actor['role']): void {
    if (this.#context?.actor)
      this.#context = { ...this.#context, actor: { ...this.#context.actor, role } }
  }

  get bufferedBytes(): number {
    return this.#options.ws.bufferedAmount
  }

  get subscriptionCount(): number {
    return this.#subscriptions.size
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
    const stops = [...this.#subscriptions.values()]
    this.#subscriptions.clear()
    for (const stop of stops) stop()
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
      this.#respondError(null, error)
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
        if (message.method === 'subscription.stop') this.#stop(message.id)
        else void this.#call(message, this.#authenticated)
      }
    } catch (cause) {
      this.#respondError(
        null,
        new TRPCError({
          code: 'PARSE_ERROR',
          message: 'This is not a message of the protocol.',
          cause,
        }),
      )
      this.close(closeCodes.badFrame, 'not a message of the protocol')
    }
  }

  #stop(id: RequestId): void {
    const stop = this.#subscriptions.get(id)
    if (!stop) return
    this.#subscriptions.delete(id)
    stop()
    this.send(JSON.stringify({ id, result: { type: 'stopped' } }))
  }

  async #call(call: Call, authenticated: Promise<void>): Promise<void> {
    const { id, method: type } = call
    const { path, lastEventId } = call.params
    const input =
      lastEventId === undefined
        ? call.params.input
        : { ...(call.params.input as object | undefined), lastEventId }
    if (this.#callsUnderWay >= socketLimits.callsAtOnce) {
      this.#respondError(
        call,
        new AppError('RATE_LIMITED', 'Too many calls at once on one connection; wait for answers.'),
      )
      return
    }
    this.#callsUnderWay++
    try {
      await authenticated
      const ctx = this.#context
      if (!ctx) return
      const abort = new AbortController()
      if (type === 'subscription') this.#reserve(id, abort)
      const result: unknown = await callTRPCProcedure({
        router: appRouter,
        path,
        getRawInput: () => Promise.resolve(input),
        ctx,
        type,
        signal: abort.signal,
        batchIndex: 0,
      })
      if (type !== 'subscription') {
        this.send(JSON.stringify({ id, result: { type: 'data', data: result } }))
      } else if (result instanceof FactSubscription) {
        this.#pipeFacts(call, result)
      } else {
        this.send(JSON.stringify({ id, result: { type: 'started' } }))
        void this.#iterate(call, result as AsyncIterable<unknown>, abort.signal)
      }
    } catch (error) {
      if (type === 'subscription') this.#subscriptions.delete(id)
      this.#respondError(call, error)
    } finally {
      this.#callsUnderWay--
    }
  }

  #reserve(id: RequestId, abort: AbortController): void {
    if (this.#subscriptions.has(id))
      throw new TRPCError({ code: 'BAD_REQUEST', message: `the id ${id} is in use` })
    if (this.#subscriptions.size >= socketLimits.subscriptions)
      throw toTRPCError(
        new AppError(
          'TOO_MANY_SUBSCRIPTIONS',
          `At most ${socketLimits.subscriptions} subscriptions on one connection.`,
        ),
      )
    this.#subscriptions.set(id, () => abort.abort())
  }

  #pipeFacts(call: Call, facts: FactSubscription): void {
    const { id } = call
    const { ws } = this.#options
    const fail = (error: unknown) => {
      stream.close()
      if (!this.#subscriptions.delete(id)) return
      this.#respondError(call, error)
      if (error instanceof AppError && error.reason === 'BUSY')
        this.close(closeCodes.tooSlow, error.message)
    }
    const stream: FactStream = facts.pipe({
      backlog: () => ws.bufferedAmount,
      write: (cursor, events) => this.send(factFrame(id, cursor, events)),
      fail,
    })
    if (!this.#subscriptions.has(id)) return stream.close()
    this.#subscriptions.set(id, () => stream.close())
    this.send(JSON.stringify({ id, result: { type: 'started' } }))
    stream.start().catch(fail)
  }

  async #iterate(call: Call, items: AsyncIterable<unknown>, signal: AbortSignal): Promise<void> {
    const { id } = call
    try {
      for await (const item of items) {
        if (signal.aborted) return
        const data = isTrackedEnvelope(item) ? { id: item[0], data: item[1] } : item
        const result = isTrackedEnvelope(item)
          ? { type: 'data', id: item[0], data }
          : { type: 'data', data }
        this.send(JSON.stringify({ id, result }))
      }
      this.#stop(id)
    } catch (error) {
      if (this.#subscriptions.delete(id)) this.#respondError(call, error)
    }
  }

  #respondError(call: Call | null, thrown: unknown): void {
    const error = thrown instanceof AppError ? toTRPCError(thrown) : getTRPCErrorFromUnknown(thrown)
    const type = call?.method ?? 'unknown'
    const path = call?.params.path
    const ctx = this.#context ?? { ...this.#options.context, actor: null }
    logUnexpected(error, ctx, path)
    const shape = getErrorShape({
      config: appRouter._def._config,
      error,
      type,
      path,
      input: undefined,
      ctx,
    })
    this.send(JSON.stringify({ id: call?.id ?? null, error: shape }))
  }
}
