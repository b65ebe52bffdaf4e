import pLimit, { type LimitFunction } from 'p-limit'
import { getErrorShape, getTRPCErrorFromUnknown, isTrackedEnvelope, TRPCError } from '@trpc/server'
import type { Context } from '../../context.ts'
import { databaseFailure } from '../../database-failure.ts'
import { AppError } from '../../errors.ts'
import { FactSubscription } from '../../features/events/fact.subscription.ts'
import { drained, type FactSink } from '../../log/fact-sink.ts'
import { createSocketPace, tooFast } from '../../call-pace.ts'
import { countReset } from '../../observe/count-reset.ts'
import { appRouter } from '../../router.ts'
import { logUnexpected, toTRPCError } from '../../trpc.ts'
import { TokenBucket } from '../../token-bucket.ts'
import { closeCodes, socketLimits } from './limits.ts'
import { runProcedure, type Outcome } from './run-procedure.ts'
import type { Call, RequestId } from './wire.ts'

/** Bytes not yet read, up to which another item of a subscription that is not one to facts is written. */
const hintBacklogBytes = 64 * 1024

/** The socket that calls came over. */
export interface CallLink extends FactSink {
  /** Of who calls, by what they may do now. */
  readonly context: Context
  send(text: string): void
  close(code: number, reason: string): void
}

interface Subscription {
  close(): void
}

/**
 * The calls of one socket that are under way, and its subscriptions. Facts are written straight from the hub
 * (FactSubscription.pipe); everything else is answered and iterated as tRPC's own adapter does.
 */
export class SocketCalls {
  readonly #link: CallLink
  readonly #subscriptions = new Map<RequestId, Subscription>()
  /** Made when they are needed: most sockets are idle. */
  #pace: TokenBucket | null = null
  #patience: TokenBucket | null = null
  #underWay = 0
  #queries: LimitFunction | null = null
  /** Of what is not a query, while the client reads too little. */
  #inOrder: LimitFunction | null = null
  #ended = false

  constructor(link: CallLink) {
    this.#link = link
  }

  get subscriptionCount(): number {
    return this.#subscriptions.size
  }

  /**
   * Counts a message of the client, and closes the socket of who goes on and on above the pace.
   * @returns 0, or the seconds until another one is taken.
   */
  count(): number {
    this.#pace ??= createSocketPace(this.#link.context.services.env.CALLS_PER_SECOND)
    const wait = this.#pace.take()
    if (wait > 0) this.#losePatience()
    return wait
  }

  /** Ends a subscription at the client's wish, or because it has nothing more to say. */
  stop(id: RequestId): void {
    const subscription = this.#subscriptions.get(id)
    if (!subscription) return
    this.#subscriptions.delete(id)
    subscription.close()
    this.#link.send(JSON.stringify({ id, result: { type: 'stopped' } }))
  }

  /** Ends all of them without a word: nobody is there any more, and nothing new is taken. */
  stopAll(): void {
    this.#ended = true
    const subscriptions = [...this.#subscriptions.values()]
    this.#subscriptions.clear()
    for (const subscription of subscriptions) subscription.close()
  }

  async take(call: Call): Promise<void> {
    if (this.#ended) return
    const wait = this.count()
    if (wait > 0) return this.refuse(call, tooFast(wait))
    if (call.tooLarge) {
      const words = `A call may have at most ${socketLimits.callBytes} bytes.`
      return this.refuse(call, new AppError('PAYLOAD_TOO_LARGE', words))
    }
    if (this.#underWay >= socketLimits.callsAtOnce) {
      const words = 'Too many calls at once on one connection; wait for answers.'
      this.refuse(call, new AppError('RATE_LIMITED', words, { retryAfter: 1 }))
      return
    }
    this.#underWay++
    try {
      await this.#inTurn(call)
    } catch (error) {
      this.refuse(call, error)
    } finally {
      this.#underWay--
    }
  }

  /** What a client that does not read has asked for would pile up here: it is begun when there is room for the answer. */
  async #inTurn(call: Call): Promise<void> {
    const answer = async () => {
      await drained(this.#link, socketLimits.unreadBytes, () => this.#ended)
      if (!this.#ended) await this.#answer(call)
    }
    if (call.method === 'query') {
      this.#queries ??= pLimit(socketLimits.queriesAtOnce)
      return this.#queries(answer)
    }
    const isWaiting = this.#inOrder !== null && this.#inOrder.activeCount > 0
    // Sends take effect in the order in which they came.
    if (isWaiting || this.#link.backlog() > socketLimits.unreadBytes) {
      this.#inOrder ??= pLimit(1)
      return this.#inOrder(answer)
    }
    return this.#answer(call)
  }

  async #answer(call: Call): Promise<void> {
    if (call.method === 'subscription') return this.#subscribe(call)
    const outcome = await invoke(call, this.#link.context, undefined)
    if (!outcome.ok) throw outcome.error
    const { data } = outcome
    this.#link.send(JSON.stringify({ id: call.id, result: { type: 'data', data } }))
  }

  /** Answers with an error. @param call null when what came was no call. */
  refuse(call: Call | null, thrown: unknown): void {
    const ctx = this.#link.context
    const known = thrown instanceof AppError ? thrown : databaseFailure(thrown)
    const error = known ? toTRPCError(known) : getTRPCErrorFromUnknown(thrown)
    const path = call?.params.path
    logUnexpected(error, ctx, path)
    countReset(ctx.services.metrics, error.cause)
    const config = appRouter._def._config
    const type = call?.method ?? 'unknown'
    const shape = getErrorShape({ config, error, type, path, input: undefined, ctx })
    this.#link.send(JSON.stringify({ id: call?.id ?? null, error: shape }))
  }

  #losePatience(): void {
    const { refusals, refusalsForgottenPerSecond } = socketLimits
    this.#patience ??= new TokenBucket(refusalsForgottenPerSecond, refusals)
    if (this.#patience.take() > 0)
      this.#link.close(closeCodes.tooManyCalls, 'too many calls; go on more slowly')
  }

  async #subscribe(call: Call): Promise<void> {
    const { id } = call
    const abort = new AbortController()
    this.#reserve(id, { close: () => abort.abort() })
    try {
      const outcome = await invoke(call, this.#link.context, abort.signal)
      if (!outcome.ok) throw outcome.error
      const result = outcome.data
      // Stopped, or the socket closed, while it was being opened.
      if (abort.signal.aborted) return
      if (result instanceof FactSubscription) this.#pipeFacts(id, result)
      else {
        this.#link.send(JSON.stringify({ id, result: { type: 'started' } }))
        void this.#iterate(call, result as AsyncIterable<unknown>)
      }
    } catch (error) {
      this.#subscriptions.delete(id)
      throw error
    }
  }

  #reserve(id: RequestId, subscription: Subscription): void {
    if (this.#subscriptions.has(id))
      throw new TRPCError({ code: 'BAD_REQUEST', message: `the id ${id} is in use` })
    const most = socketLimits.subscriptions
    if (this.#subscriptions.size >= most)
      throw new AppError(
        'TOO_MANY_SUBSCRIPTIONS',
        `At most ${most} subscriptions on one connection.`,
      )
    this.#subscriptions.set(id, subscription)
  }

  #pipeFacts(id: RequestId, facts: FactSubscription): void {
    const stream = facts.pipe(this.#link, id)
    this.#subscriptions.set(id, stream)
    this.#link.send(JSON.stringify({ id, result: { type: 'started' } }))
    stream.start().catch((error: unknown) => this.failFacts(id, error))
  }

  /** Ends a subscription to facts with the reason. */
  failFacts(id: RequestId, error: unknown): void {
    const stream = this.#subscriptions.get(id)
    if (!stream) return
    stream.close()
    this.#subscriptions.delete(id)
    this.refuse({ id, method: 'subscription', params: { path: 'events.stream' } }, error)
    if (error instanceof AppError && error.reason === 'BUSY')
      this.#link.close(closeCodes.tooSlow, error.message)
  }

  async #iterate(call: Call, items: AsyncIterable<unknown>): Promise<void> {
    const { id } = call
    try {
      for await (const item of items) {
        // What comes meanwhile is gathered where the items come from.
        await drained(this.#link, hintBacklogBytes, () => !this.#subscriptions.has(id))
        if (!this.#subscriptions.has(id)) return
        const result = isTrackedEnvelope(item)
          ? { type: 'data', id: item[0], data: { id: item[0], data: item[1] } }
          : { type: 'data', data: item }
        this.#link.send(JSON.stringify({ id, result }))
      }
      this.stop(id)
    } catch (error) {
      if (this.#subscriptions.delete(id)) this.refuse(call, error)
    }
  }
}

function invoke(call: Call, ctx: Context, signal: AbortSignal | undefined): Promise<Outcome> {
  const { path, input, lastEventId } = call.params
  const rawInput =
    lastEventId === undefined ? input : { ...(input as object | undefined), lastEventId }
  return runProcedure({ path, type: call.method, ctx, input: rawInput, signal })
}
