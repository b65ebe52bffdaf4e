/**
 * The facts of one viewer, over one connection, in order and once. It moves between three states:
 *
 *   reading  the log is read from the cursor on; what is committed meanwhile waits in a bounded buffer.
 *            When it overflows, another round of reading follows instead.
 *   live     what the hub hands over goes out once per turn of the event loop.
 *   stalled  the reader takes nothing: its queue is dropped, and when it drains, reading starts from the cursor.
 *            A reader that never drains is cut.
 *
 * A high-water mark per stream drops what was sent before on this connection.
 */
import type { Kysely } from 'kysely'
import type { Database } from '../../db/schema.ts'
import { AppError } from '../errors.ts'
import type { LogEvent } from '../events.ts'
import type { Metrics } from '../observe/metrics.ts'
import type { Access } from './access.ts'
import type { CarriedEvent } from './carried-event.ts'
import { decodeCursor, encodeCursor, laterHorizon, type Cursor } from './cursor.ts'
import type { Hub, Watching } from './hub.ts'

/** Where a fact stream writes to: a socket, or a queue in front of an async iterator. */
export interface FactSink {
  /** Bytes that were written and not yet taken by the reader. */
  backlog(): number
  /** One item; `events` are JSON texts. */
  write(cursor: string, events: readonly string[]): void
  /** The stream is over: the reader was too slow, or the log could not be read. */
  fail(error: AppError): void
}

export interface FactStreamOptions {
  db: Kysely<Database>
  hub: Hub
  access: Access
  metrics: Metrics
  epoch: string
  userId: string
  /** As the client gave it; none begins at this moment. */
  cursor: string | undefined
  sink: FactSink
  /** Why the stream is over for this viewer with this event of their own stream; null while it is not. */
  endedBy: (event: LogEvent) => AppError | null
}

/** A connection may hold this much before its queue is dropped and the log takes over. */
const maxQueuedEvents = 500
const maxBacklogBytes = 1024 * 1024
/** While reading the log, a page waits until the reader has taken the one before. */
const readingBacklogBytes = 256 * 1024
const pageSize = 200
/** A reader that takes nothing for this long is cut. */
const maxStalledMs = 60_000
const drainCheckMs = 50
/** The largest xid8: no event is at or beyond it, so nothing counts as missed. */
const never = '18446744073709551615'

export class FactStream {
  readonly #options: FactStreamOptions
  readonly #watching = new Map<string, Watching>()
  /** Newest seq sent per stream on this connection. */
  readonly #sent = new Map<string, number>()
  #cursor: Cursor
  #queue: CarriedEvent[] = []
  #state: 'reading' | 'live' = 'reading'
  /** Something was dropped, or a stream was added: the log must be read again before going live. */
  #behind = false
  #flushing = false
  #closed = false

  /** @throws AppError CURSOR_UNKNOWN or CURSOR_EPOCH at once; CURSOR_AHEAD reaches the sink. */
  constructor(options: FactStreamOptions) {
    this.#options = options
    this.#cursor =
      options.cursor === undefined
        ? { epoch: options.epoch, horizon: never }
        : decodeCursor(options.cursor, options.epoch)
  }

  /**
   * Reads what was missed and goes live. Resolves when live, or closed.
   * @throws AppError CURSOR_AHEAD when the cursor is beyond the log.
   */
  async start(): Promise<void> {
    await this.#watch([this.#options.userId])
    await this.#catchUp()
  }

  close(): void {
    this.#closed = true
    for (const watching of this.#watching.values()) watching.stop()
    this.#watching.clear()
    this.#queue = []
  }

  /**
   * Watches what I may see. Listen, then look: a removal that was committed before a stream was watched is not heard
   * from it, so the list is read once more when all of them are.
   */
  async #follow(): Promise<void> {
    const { db, access, userId } = this.#options
    await this.#watch(await access.listStreams(db, userId))
    const mine = new Set(await access.listStreams(db, userId))
    for (const stream of this.#watching.keys()) if (!mine.has(stream)) this.#unwatch(stream)
  }

  #unwatch(stream: string): void {
    this.#watching.get(stream)?.stop()
    this.#watching.delete(stream)
  }

  async #watch(streams: readonly string[]): Promise<void> {
    const beginning = this.#cursor.horizon === never
    const fresh: Promise<void>[] = []
    for (const stream of streams) {
      if (this.#closed || this.#watching.has(stream)) continue
      const watching = this.#options.hub.watch(stream, (event) => this.#hear(event))
      this.#watching.set(stream, watching)
      fresh.push(
        watching.ready.then((head) => {
          // Without a cursor it begins now, also where the horizon lies a little before.
          if (beginning) this.#skipTo(stream, head)
        }),
      )
    }
    await Promise.all(fresh)
  }

  #skipTo(stream: string, seq: number): void {
    this.#sent.set(stream, Math.max(seq, this.#sent.get(stream) ?? 0))
  }

  #hear(event: CarriedEvent): void {
    if (this.#closed || event.seq <= (this.#sent.get(event.stream) ?? 0)) return
    if (this.#queue.length >= maxQueuedEvents) this.#fallBehind()
    if (!this.#behind) this.#queue.push(event)
    const ended = event.stream === this.#options.userId ? this.#options.endedBy(event.event) : null
    if (ended) {
      this.close()
      this.#options.sink.fail(ended)
      return
    }
    // Acted on at once, also when the event itself was dropped: nothing after it may reach who was let out.
    this.#applyAccess(event)
    if (this.#state === 'live' && !this.#flushing) {
      this.#flushing = true
      setImmediate(() => this.#flush())
    }
  }

  #applyAccess({ event }: CarriedEvent): void {
    const change = this.#options.access.changeIn(event)
    if (!change || change.userId !== this.#options.userId) return
    if (change.may) {
      this.#skipTo(change.stream, change.after ?? 0)
      if (!this.#watching.has(change.stream)) this.#fallBehind()
    } else this.#unwatch(change.stream)
  }

  /** What waits is dropped; it is in the log beyond the cursor. */
  #fallBehind(): void {
    this.#behind = true
    this.#queue = []
  }

  #flush(): void {
    this.#flushing = false
    if (this.#closed || this.#state !== 'live') return
    if (this.#options.sink.backlog() > maxBacklogBytes) this.#fallBehind()
    if (this.#behind) {
      this.#resume()
      return
    }
    this.#sendQueue()
  }

  #sendQueue(): void {
    const { hub, sink, metrics, epoch } = this.#options
    const events = this.#queue
    this.#queue = []
    // Everything below the hub's horizon is in what was sent, or in this.
    const horizon = laterHorizon(this.#cursor.horizon, hub.horizon)
    if (horizon !== this.#cursor.horizon || this.#cursor.reading) this.#cursor = { epoch, horizon }
    const fresh = events.filter((event) => this.#isNew(event))
    if (fresh.length === 0) return
    sink.write(
      encodeCursor(this.#cursor),
      fresh.map((event) => event.json),
    )
    metrics.deliveries.inc(fresh.length)
  }

  /** True once per event; raises the stream's high-water mark. */
  #isNew(event: CarriedEvent): boolean {
    if (event.seq <= (this.#sent.get(event.stream) ?? 0)) return false
    this.#sent.set(event.stream, event.seq)
    return true
  }

  #resume(): void {
    this.#state = 'reading'
    this.#options.metrics.resumes.inc({ reason: 'behind' })
    this.#catchUp().catch((error: unknown) => {
      if (this.#closed) return
      this.close()
      this.#options.sink.fail(
        error instanceof AppError
          ? error
          : new AppError(
              'DATABASE_UNAVAILABLE',
              'The log cannot be read right now; come back with your cursor.',
              {
                cause: error,
                retryAfter: 2,
              },
            ),
      )
    })
  }

  /** Reads rounds until nothing was dropped meanwhile, then goes live in the same turn. */
  async #catchUp(): Promise<void> {
    const { db, access, userId, sink, epoch } = this.#options
    do {
      this.#behind = false
      await this.#drained(maxStalledMs)
      await this.#follow()
      const { reading } = this.#cursor
      const missed = await access.findMissed(db, userId, this.#cursor.horizon)
      if (this.#closed) return
      const end = BigInt(missed.end)
      if (
        [this.#cursor.horizon, reading?.next].some(
          (xid) => xid !== undefined && xid !== never && BigInt(xid) > end,
        )
      )
        throw new AppError(
          'CURSOR_AHEAD',
          'This cursor is ahead of the log; load everything and begin anew.',
        )
      // A reading that was broken off goes on where it was, towards the horizon it had then.
      const next = reading?.next ?? missed.horizon
      const remaining = reading
        ? missed.streams.filter(({ stream }) => stream >= reading.stream)
        : missed.streams
      for (const { stream, from } of remaining) {
        const after = reading?.stream === stream ? Math.max(reading.seq, from - 1) : from - 1
        await this.#readStream(stream, after, next)
      }
      if (this.#closed) return
      this.#cursor = { epoch, horizon: next }
      if (reading) this.#behind = true
    } while (this.#behind)
    const waiting = this.#queue.filter((event) => this.#isNew(event))
    this.#queue = []
    this.#state = 'live'
    // Also when empty: it tells the reader that it has everything up to this cursor.
    sink.write(
      encodeCursor(this.#cursor),
      waiting.map((event) => event.json),
    )
    this.#options.metrics.deliveries.inc(waiting.length)
  }

  async #readStream(stream: string, from: number, next: string): Promise<void> {
    const { db, access, userId, sink, epoch, metrics } = this.#options
    let after = from
    while (!this.#closed) {
      await this.#drained(maxStalledMs, readingBacklogBytes)
      const page = await access.readPage(db, userId, stream, after, pageSize)
      const last = page.at(-1)
      if (this.#closed || !last) return
      after = last.seq
      this.#cursor = { epoch, horizon: this.#cursor.horizon, reading: { next, stream, seq: after } }
      const fresh = page.filter((event) => this.#isNew(event))
      if (fresh.length > 0)
        sink.write(
          encodeCursor(this.#cursor),
          fresh.map((event) => event.json),
        )
      metrics.deliveries.inc(fresh.length)
      if (page.length < pageSize) return
    }
  }

  /** Waits until the reader has taken what was written. */
  async #drained(patience: number, below = maxBacklogBytes / 16): Promise<void> {
    const { sink } = this.#options
    let waited = 0
    while (!this.#closed && sink.backlog() > below) {
      if (waited >= patience)
        throw new AppError(
          'BUSY',
          'The connection took nothing for a minute; come back with your cursor.',
        )
      await new Promise((resolve) => setTimeout(resolve, drainCheckMs))
      waited += drainCheckMs
    }
  }
}
