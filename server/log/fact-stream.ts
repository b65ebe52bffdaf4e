/**
 * The facts of one viewer, over one connection, in order and once. It moves between two states:
 *
 *   reading  the log is read from the cursor on; what is committed meanwhile waits in a bounded queue.
 *            When that overflows, another round of reading follows instead.
 *   live     what the hub hands over goes out once per turn of the event loop. When the reader takes too little,
 *            the queue is dropped, and when it has drained, reading starts from the cursor.
 *
 * While reading, a high-water mark per stream drops what was sent before on this connection; live, the hub's own
 * order does. Many connections wait idly: what one holds is kept small.
 */
import { AppError } from '../errors.ts'
import type { LogEvent } from '../events.ts'
import type { Sight } from './access.ts'
import type { CarriedEvent } from './carried-event.ts'
import { decodeCursor, encodeCursor, historyRewritten, type Cursor } from './cursor.ts'
import { drained, type FactSink, type FactStreamId } from './fact-sink.ts'
import type { FactSource } from './fact-source.ts'
import { HighWaterMarks } from './high-water-marks.ts'
import type { Flushable } from './turn-end.ts'
import { WatchList } from './watch-list.ts'
import type { StreamListener } from './watched-stream.ts'

export interface FactStreamOptions {
  source: FactSource
  userId: string
  /** As the client gave it; none begins at this moment. */
  cursor: string | undefined
  sink: FactSink
  /** What the sink knows this stream by. */
  id: FactStreamId
  /** Why the stream is over for this viewer with this event of their own stream; null while it is not. */
  endedBy: (event: LogEvent) => AppError | null
}

/** A connection may hold this much before its queue is dropped and the log takes over. */
const maxQueuedEvents = 500
const maxBacklogBytes = 512 * 1024
/** While reading the log, a page waits until the reader has taken the one before, but for this much. */
const readingBacklogBytes = 256 * 1024
/** A round of reading begins when the reader has taken nearly all. */
const resumeBacklogBytes = 64 * 1024
/** The largest xid8: no event is at or beyond it, so nothing counts as missed. */
const never = '18446744073709551615'
/** Shared by all who wait for nothing. */
const nothing: readonly CarriedEvent[] = []

export class FactStream implements StreamListener, Flushable {
  readonly #source: FactSource
  readonly #userId: string
  readonly #sink: FactSink
  readonly #id: FactStreamId
  readonly #endedBy: FactStreamOptions['endedBy']
  readonly #watched: WatchList
  readonly #marks = new HighWaterMarks()
  #cursor: Cursor
  #queue = nothing
  #state: 'reading' | 'live' = 'reading'
  /** Something was dropped, or a stream was added: the log must be read again before going live. */
  #behind = false
  #flushing = false
  #closed = false

  /** @throws AppError CURSOR_UNKNOWN or CURSOR_EPOCH at once; CURSOR_AHEAD comes from `start`. */
  constructor({ source, userId, cursor, sink, id, endedBy }: FactStreamOptions) {
    this.#source = source
    this.#userId = userId
    this.#sink = sink
    this.#id = id
    this.#endedBy = endedBy
    this.#watched = new WatchList(source.hub, this)
    this.#cursor =
      cursor === undefined
        ? { epoch: source.epoch, horizon: never }
        : decodeCursor(cursor, source.epoch)
  }

  /**
   * Reads what was missed and goes live. Resolves when live, or closed.
   * @throws AppError CURSOR_AHEAD when the cursor is beyond the log.
   */
  async start(): Promise<void> {
    // Joinings are heard from here on, so none falls between the looks.
    const returns = this.#cursor.horizon !== never
    await this.#watch([this.#userId])
    await this.#catchUp()
    if (returns) this.#source.metrics.resumes.inc({ reason: 'cursor' })
  }

  close(): void {
    this.#closed = true
    this.#watched.close()
    this.#queue = nothing
  }

  hear(event: CarriedEvent): void {
    if (this.#closed || this.#marks.covers(event)) return
    if (!this.#behind) {
      this.#enqueue(event)
      if (this.#queue.length > maxQueuedEvents) this.#fallBehind()
    }
    if (event.stream === this.#userId) {
      const ended = this.#endedBy(event.event)
      if (ended) return this.#fail(ended)
    }
    // Acted on at once, also when the event itself was dropped: nothing after it may reach who was let out.
    this.#applyAccess(event)
    if (this.#state === 'live' && !this.#flushing) {
      this.#flushing = true
      this.#source.hub.atTurnEnd(this)
    }
  }

  #enqueue(event: CarriedEvent): void {
    const [first] = this.#queue
    if (first === undefined) this.#queue = event.alone
    else if (this.#queue.length === 1) this.#queue = [first, event]
    // Longer than one, it is ours alone.
    else (this.#queue as CarriedEvent[]).push(event)
  }

  renew(): void {
    this.#fail(historyRewritten())
  }

  flush(): void {
    this.#flushing = false
    if (this.#closed || this.#state !== 'live') return
    if (this.#sink.backlog() > maxBacklogBytes) this.#fallBehind()
    if (this.#behind) return this.#resume()
    try {
      this.#writeLive()
    } catch (cause) {
      // What should have gone out is in the log only: going on would leave a hole.
      this.#fail(
        new AppError('BUSY', 'The stream broke off; come back with your cursor.', { cause }),
      )
      throw cause
    }
  }

  #writeLive(): void {
    const events = this.#queue
    this.#queue = nothing
    // Everything below the hub's horizon was sent, or is in this.
    const live = this.#source.liveCursor()
    // Just come back, a reader may be further than the hub, whose sweep is up to two seconds old, or more on a slow link.
    if (this.#source.isAhead(this.#cursor)) return this.#write(encodeCursor(this.#cursor), events)
    this.#cursor = live.cursor
    this.#write(live.text, events)
  }

  /** Looks, and watches what it has not yet; until there is nothing new to watch, so that nothing is missed between. */
  async #look(): Promise<Sight> {
    for (;;) {
      const { horizon, reading } = this.#cursor
      const sight = await this.#source.look({ userId: this.#userId, horizon })
      for (const xid of [horizon, reading?.next])
        if (xid !== undefined && xid !== never && BigInt(xid) > BigInt(sight.end))
          throw new AppError(
            'CURSOR_AHEAD',
            'This cursor is ahead of the log; load everything and begin anew.',
          )
      // A removal that was committed before its stream was watched is not heard from it, but what came after it may be.
      this.#keep(sight.streams)
      const unwatched = sight.streams.filter((stream) => !this.#watched.has(stream))
      if (unwatched.length === 0 || this.#closed) return sight
      await this.#watch(unwatched)
    }
  }

  /** Lets go of all other streams, also of what waits of them: as far as it is allowed, the log has it. */
  #keep(streams: readonly string[]): void {
    this.#watched.keep(streams)
    if (this.#queue.every(({ stream }) => this.#watched.has(stream))) return
    this.#queue = this.#queue.filter(({ stream }) => this.#watched.has(stream))
  }

  async #watch(streams: readonly string[]): Promise<void> {
    const beginning = this.#cursor.horizon === never
    const fresh = await this.#watched.add(streams)
    // Without a cursor it begins now, also where the horizon lies a little before.
    if (beginning) for (const { stream, after } of fresh) this.#marks.raise(stream, after)
  }

  /**
   * The streams of an instance are heard each at its own pace, so that a change may be older than what was looked up
   * already, or newer than what is still to be heard of its stream. What a reader may see, only a look says: every
   * change leads to one. Until then, who was let out hears nothing more.
   */
  #applyAccess(event: CarriedEvent): void {
    const change = this.#source.changeIn(event)
    if (!change || change.userId !== this.#userId) return
    const { stream, may, after = 0 } = change
    if (may) {
      const isLive = this.#state === 'live' && !this.#behind
      // That they were let out before is still to be heard, with what was said until then; it leads to a look as well.
      if (isLive && this.#watched.has(stream)) return
      // Nothing of it is owed from earlier: a newcomer begins here, also where the cursor is from long before.
      if (isLive) this.#marks.raise(stream, after)
    }
    this.#fallBehind()
    if (!may) this.#watched.remove(stream)
  }

  /** What waits is dropped; it is in the log beyond the cursor. */
  #fallBehind(): void {
    if (this.#state === 'live' && !this.#behind) this.#rememberSent()
    this.#behind = true
    this.#queue = nothing
  }

  /** Live, all that the hub handed over was sent, but for what waits. */
  #rememberSent(): void {
    for (const stream of this.#watched.streams())
      this.#marks.raise(stream, this.#source.hub.seqOf(stream))
    for (const { stream, seq } of this.#queue) this.#marks.lower(stream, seq - 1)
  }

  /** Writes what is new of these, and where that leaves the reader. */
  #send(events: readonly CarriedEvent[], alsoEmpty = false): void {
    const fresh = events.filter((event) => !this.#marks.covers(event))
    if (fresh.length === 0 && !alsoEmpty) return
    for (const { stream, seq } of fresh) this.#marks.raise(stream, seq)
    this.#write(encodeCursor(this.#cursor), fresh)
  }

  #write(cursor: string, events: readonly CarriedEvent[]): void {
    this.#sink.writeFacts(this.#id, cursor, events)
    this.#source.metrics.deliveries.inc(events.length)
  }

  #resume(): void {
    this.#state = 'reading'
    this.#source.metrics.resumes.inc({ reason: 'behind' })
    this.#catchUp().catch((cause: unknown) => {
      const words = 'The log cannot be read right now; come back with your cursor.'
      const unreadable = new AppError('DATABASE_UNAVAILABLE', words, { cause, retryAfter: 2 })
      this.#fail(cause instanceof AppError ? cause : unreadable)
    })
  }

  #fail(error: AppError): void {
    if (this.#closed) return
    this.close()
    this.#sink.failFacts(this.#id, error)
  }

  /** Reads rounds until nothing was dropped meanwhile, then goes live in the same turn. */
  async #catchUp(): Promise<void> {
    do {
      this.#behind = false
      await drained(this.#sink, resumeBacklogBytes, () => this.#closed)
      await this.#readRound(await this.#look())
      if (this.#closed) return
    } while (this.#behind)
    const waiting = this.#queue
    this.#queue = nothing
    // Also when empty: it tells the reader that it has everything up to this cursor.
    this.#send(waiting, true)
    this.#state = 'live'
    // Of what is not heard any more, a later round may still find what was given.
    this.#marks.keepAhead((stream) =>
      this.#watched.has(stream) ? this.#source.hub.seqOf(stream) : 0,
    )
  }

  /** Reads every stream from the cursor to the moment of the look, and moves the cursor there. */
  async #readRound(sight: Sight): Promise<void> {
    const { reading } = this.#cursor
    // A reading that was broken off goes on where it was, towards the horizon it had then.
    const next = reading?.next ?? sight.horizon
    for (const { stream, from, upTo } of sight.missed) {
      if (reading && stream < reading.stream) continue
      const done = reading?.stream === stream ? reading.seq : 0
      await this.#readStream(stream, Math.max(done, from - 1), upTo, next)
    }
    if (this.#closed) return
    this.#cursor = { epoch: this.#cursor.epoch, horizon: next }
    if (reading) this.#behind = true
  }

  async #readStream(stream: string, from: number, upTo: number, next: string): Promise<void> {
    for (let after = from; after < upTo && !this.#closed;) {
      await drained(this.#sink, readingBacklogBytes, () => this.#closed)
      const page = await this.#source.readOn(stream, after)
      // Other streams of the same reader may have waited for the same page, and each writes at once.
      while (!this.#closed && this.#sink.backlog() > readingBacklogBytes)
        await drained(this.#sink, readingBacklogBytes, () => this.#closed)
      if (this.#closed) return
      // What was committed after the look is not for this round: who was let out since must not see it.
      const allowed = page.filter(({ seq }) => seq <= upTo)
      after = page.at(-1)?.seq ?? upTo
      const { epoch, horizon } = this.#cursor
      this.#cursor = { epoch, horizon, reading: { next, stream, seq: Math.min(after, upTo) } }
      this.#send(allowed)
    }
  }
}
