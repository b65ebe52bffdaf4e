import { pause, retryDelay } from '../connection/delay.ts'
import type { Connection } from '../connection/connection.ts'
import { SkeinError, skeinErrorOf } from '../skein-error.ts'
import { isStore, type Following, type FollowOptions, type Reset } from './follow.ts'
import { HoleError, Inbox } from './inbox.ts'
import { beyond, positionFrom, type Batch, type Position, type StartPosition } from './position.ts'

/** Takes batches out of the inbox, has each handled and kept, and only then moves on. */
export class Follower<Effects> implements Following {
  readonly done: Promise<void>
  readonly #connection: Connection
  readonly #options: FollowOptions<Effects>
  readonly #stopping = new AbortController()
  #position: Position | null = null
  #isKept = false
  /** Since something was handled. */
  #resets = 0
  #inbox: Inbox | null = null

  /** @param ended called when it is over; a handler of `done` would hide its failure from who awaits nothing */
  constructor(connection: Connection, options: FollowOptions<Effects>, ended: () => void) {
    this.#connection = connection
    this.#options = options
    const { signal } = options
    const stop = () => this.#end()
    signal?.addEventListener('abort', stop, { once: true })
    if (signal?.aborted) stop()
    this.done = this.#run().finally(() => {
      signal?.removeEventListener('abort', stop)
      ended()
    })
  }

  get position(): Position | null {
    return this.#position
  }

  async stop(): Promise<void> {
    this.#end()
    // Why it ended is told by `done`.
    await this.done.catch(() => undefined)
  }

  #end(): void {
    this.#stopping.abort(new SkeinError('ABORTED', 'The follower was stopped.'))
    this.#inbox?.close()
  }

  async #run(): Promise<void> {
    const { cursor } = this.#options
    const { signal } = this.#stopping
    let unlock: (() => void) | undefined
    try {
      if (isStore(cursor)) {
        unlock = await this.#ask(async () => cursor.lock?.(signal))
        this.#position = await this.#ask(async () => {
          const kept = (await cursor.load()) ?? null
          return kept === null ? null : positionFrom(kept)
        })
        this.#isKept = this.#position !== null
      } else this.#position = cursor === 'now' ? null : given(cursor)
      while (!signal.aborted) await this.#follow()
    } catch (error) {
      if (!signal.aborted || !(error instanceof SkeinError) || error.reason !== 'ABORTED')
        throw error
    } finally {
      this.#inbox?.close()
      unlock?.()
    }
  }

  /** Of the store. @throws SkeinError STORE_FAILED, or ABORTED: after the stop its answer is nobody's */
  async #ask<Value>(ask: () => Promise<Value>): Promise<Value> {
    try {
      return await ask()
    } catch (error) {
      this.#stopping.signal.throwIfAborted()
      if (error instanceof SkeinError) throw error
      const message = 'The position could not be loaded.'
      throw new SkeinError('STORE_FAILED', message, { cause: error })
    }
  }

  /** Until it is stopped, or the position is of no use; then begins anew if it may. */
  async #follow(): Promise<void> {
    const inbox = new Inbox(this.#connection, this.#position, this.#options.batch ?? 100)
    this.#inbox = inbox
    try {
      for (let batch = await inbox.next(); batch; batch = await inbox.next())
        await this.#handle(batch)
    } catch (error) {
      inbox.close()
      const reset = resetOf(error)
      if (!reset) throw error
      this.#position = await this.#beginAnew(reset, error)
      this.#isKept = false
    }
  }

  /** Asks where; not at once when the answer before was of no use either. @throws the failure when it is to stop */
  async #beginAnew(reset: Reset, failure: unknown): Promise<Position | null> {
    if (this.#resets > 0) await pause(retryDelay(this.#resets), this.#stopping.signal)
    this.#resets++
    const answer = await this.#insist(
      'HANDLER_FAILED',
      'onReset threw each time.',
      async () => (await this.#options.onReset?.(reset)) ?? 'stop',
    )
    if (answer === 'now') return null
    if (answer === 'skip' && failure instanceof HoleError && this.#position)
      return beyond(this.#position, failure.hole)
    if (answer === 'stop' || answer === 'skip') throw failure
    return given(answer)
  }

  async #handle({ events, position }: Batch): Promise<void> {
    const options = this.#options
    const { cursor } = options
    let effects: Awaited<Effects> | undefined
    if (events.length > 0) {
      effects = await this.#insist('HANDLER_FAILED', 'onEvents threw each time.', async (attempt) =>
        options.onEvents(events, { position, attempt, signal: this.#stopping.signal }),
      )
    }
    // A cursor that moved without events is worth no write: it is right, and the older one is, too.
    if (events.length > 0 || !this.#isKept)
      await this.#insist('STORE_FAILED', 'The position could not be kept.', async () => {
        if (options.commit) await options.commit(position, effects)
        else if (isStore(cursor)) await cursor.save(position)
      })
    this.#isKept = true
    this.#position = position
    this.#resets = 0
  }

  /**
   * Tries until it succeeds, with growing pauses. What is to be kept is tried after the stop, too, within little time:
   * it was handled, and would be handled again.
   *
   * @throws SkeinError with this reason after the last attempt; ABORTED
   */
  async #insist<Value>(
    reason: 'HANDLER_FAILED' | 'STORE_FAILED',
    message: string,
    run: (attempt: number) => Promise<Value>,
  ): Promise<Awaited<Value>> {
    const { attempts = 5 } = this.#options
    const { signal } = this.#stopping
    const stopped = () => {
      if (reason !== 'STORE_FAILED') signal.throwIfAborted()
    }
    for (let attempt = 1; ; attempt++) {
      try {
        return await run(attempt)
      } catch (error) {
        if (error instanceof SkeinError && error.reason === 'POSITION_MOVED') throw error
        stopped()
        if (attempt >= attempts) throw new SkeinError(reason, message, { cause: error })
        if (signal.aborted) await pause(retryDelay(0), undefined)
        else await pause(retryDelay(attempt), signal).catch(stopped)
      }
    }
  }
}

/** @throws SkeinError CURSOR_UNKNOWN */
function given(start: StartPosition): Position {
  try {
    return positionFrom(start)
  } catch (cause) {
    throw new SkeinError('CURSOR_UNKNOWN', 'What was given is no position.', { cause })
  }
}

function resetOf(error: unknown): Reset | null {
  const { reason, message } = skeinErrorOf(error)
  if (error instanceof HoleError) return { reason: 'HOLE', message, hole: error.hole }
  if (reason === 'CURSOR_EPOCH' || reason === 'CURSOR_AHEAD' || reason === 'CURSOR_UNKNOWN')
    return { reason, message }
  return null
}
