import {
  callTRPCProcedure,
  getErrorShape,
  getTRPCErrorFromUnknown,
  isTrackedEnvelope,
  TRPCError,
} from '@trpc/server'
import type { Context } from '../../context.ts'
import { databaseFailure } from '../../database-failure.ts'
import { AppError } from '../../errors.ts'
import { FactSubscription } from '../../features/events/fact.subscription.ts'
import type { FactStream } from '../../log/fact-stream.ts'
import { appRouter } from '../../router.ts'
import { logUnexpected, toTRPCError } from '../../trpc.ts'
import { closeCodes, socketLimits } from './limits.ts'
import { factFrame, type Call, type RequestId } from './wire.ts'

/** The socket that calls came over. */
export interface CallLink {
  send(text: string): void
  close(code: number, reason: string): void
  /** Bytes that the peer has not taken yet. */
  backlog(): number
}

/**
 * The calls of one socket that are under way, and its subscriptions. Facts are written straight from the hub
 * (FactSubscription.pipe); everything else is answered and iterated as tRPC's own adapter does.
 */
export class SocketCalls {
  readonly #link: CallLink
  readonly #subscriptions = new Map<RequestId, () => void>()
  #underWay = 0
  #ended = false

  constructor(link: CallLink) {
    this.#link = link
  }

  get subscriptionCount(): number {
    return this.#subscriptions.size
  }

  /** Ends a subscription at the client's wish, or because it has nothing more to say. */
  stop(id: RequestId): void {
    const stop = this.#subscriptions.get(id)
    if (!stop) return
    this.#subscriptions.delete(id)
    stop()
    this.#link.send(JSON.stringify({ id, result: { type: 'stopped' } }))
  }

  /** Ends all of them without a word: nobody is there any more, and nothing new is taken. */
  stopAll(): void {
    this.#ended = true
    const stops = [...this.#subscriptions.values()]
    this.#subscriptions.clear()
    for (const stop of stops) stop()
  }

  async take(call: Call, ctx: Context): Promise<void> {
    if (this.#ended) return
    if (this.#underWay >= socketLimits.callsAtOnce) {
      const words = 'Too many calls at once on one connection; wait for answers.'
      this.refuse(call, new AppError('RATE_LIMITED', words), ctx)
      return
    }
    this.#underWay++
    try {
      if (call.method === 'subscription') await this.#subscribe(call, ctx)
      else {
        const data = await invoke(call, ctx, undefined)
        this.#link.send(JSON.stringify({ id: call.id, result: { type: 'data', data } }))
      }
    } catch (error) {
      this.refuse(call, error, ctx)
    } finally {
      this.#underWay--
    }
  }

  /** Answers with an error. @param call null when what came was no call. */
  refuse(call: Call | null, thrown: unknown, ctx: Context): void {
    const known = thrown instanceof AppError ? thrown : databaseFailure(thrown)
    const error = known ? toTRPCError(known) : getTRPCErrorFromUnknown(thrown)
    const path = call?.params.path
    logUnexpected(error, ctx, path)
    if (known?.reason.startsWith('CURSOR_'))
      ctx.services.metrics.resets.inc({ reason: known.reason })
    const config = appRouter._def._config
    const type = call?.method ?? 'unknown'
    const shape = getErrorShape({ config, error, type, path, input: undefined, ctx })
    this.#link.send(JSON.stringify({ id: call?.id ?? null, error: shape }))
  }

  async #subscribe(call: Call, ctx: Context): Promise<void> {
    const { id } = call
    const abort = new AbortController()
    this.#reserve(id, abort)
    try {
      const result = await invoke(call, ctx, abort.signal)
      // Stopped, or the socket closed, while it was being opened.
      if (abort.signal.aborted) return
      if (result instanceof FactSubscription) this.#pipeFacts(call, result, ctx)
      else {
        this.#link.send(JSON.stringify({ id, result: { type: 'started' } }))
        void this.#iterate(call, result as AsyncIterable<unknown>, ctx)
      }
    } catch (error) {
      this.#subscriptions.delete(id)
      throw error
    }
  }

  #reserve(id: RequestId, abort: AbortController): void {
    if (this.#subscriptions.has(id))
      throw new TRPCError({ code: 'BAD_REQUEST', message: `the id ${id} is in use` })
    const most = socketLimits.subscriptions
    if (this.#subscriptions.size >= most)
      throw new AppError(
        'TOO_MANY_SUBSCRIPTIONS',
        `At most ${most} subscriptions on one connection.`,
      )
    this.#subscriptions.set(id, () => abort.abort())
  }

  #pipeFacts(call: Call, facts: FactSubscription, ctx: Context): void {
    const { id } = call
    const fail = (error: unknown) => {
      stream.close()
      if (!this.#subscriptions.delete(id)) return
      this.refuse(call, error, ctx)
      if (error instanceof AppError && error.reason === 'BUSY')
        this.#link.close(closeCodes.tooSlow, error.message)
    }
    const stream: FactStream = facts.pipe({
      backlog: () => this.#link.backlog(),
      write: (cursor, events) => this.#link.send(factFrame(id, cursor, events)),
      fail,
    })
    this.#subscriptions.set(id, () => stream.close())
    this.#link.send(JSON.stringify({ id, result: { type: 'started' } }))
    stream.start().catch(fail)
  }

  async #iterate(call: Call, items: AsyncIterable<unknown>, ctx: Context): Promise<void> {
    const { id } = call
    try {
      for await (const item of items) {
        if (!this.#subscriptions.has(id)) return
        const result = isTrackedEnvelope(item)
          ? { type: 'data', id: item[0], data: { id: item[0], data: item[1] } }
          : { type: 'data', data: item }
        this.#link.send(JSON.stringify({ id, result }))
      }
      this.stop(id)
    } catch (error) {
      if (this.#subscriptions.delete(id)) this.refuse(call, error, ctx)
    }
  }
}

function invoke(call: Call, ctx: Context, signal: AbortSignal | undefined): Promise<unknown> {
  const { path, input, lastEventId } = call.params
  const rawInput =
    lastEventId === undefined ? input : { ...(input as object | undefined), lastEventId }
  return callTRPCProcedure({
    router: appRouter,
    path,
    getRawInput: () => Promise.resolve(rawInput),
    ctx,
    type: call.method,
    signal,
    batchIndex: 0,
  })
}
