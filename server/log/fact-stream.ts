/**
 * The facts of one viewer, over one connection, in order and once. It moves between two states:
 *
 *   reading  the log is read from the cursor on; what is committed meanwhile waits in a bounded queue.
 *            When that overflows, another round of reading follows instead.
 *   live     what the hub hands over goes out once per turn of the event loop. When the reader takes too little,
 *            the queue is dropped, and when it has drained, reading starts from the cursor.
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
import { drained, type FactSink } from './fact-sink.ts'
import type { Hub } from './hub.ts'
import { WatchList } from './watch-list.ts'

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
/** While reading the log, a page waits until the reader has taken the one before, but for this much. */
const readingBacklogBytes = 256 * 1024
/** A round of reading begins when the reader has taken nearly all. */
const resumeBacklogBytes = 64 * 1024
const pageSize = 200
/** The largest xid8: no event is at or beyond it, so nothing counts as missed. */
const never = '18446744073709551615'

export class FactStream {
  readonly #options: FactStreamOptions
  readonly #watched: WatchList
  /** Newest seq sent per stream on this connection. */
  readonly #sent = new Map<string, number>()
  #cursor: Cursor
  /** The cursor as it was last written; it moves once a second, events come more often. */
  #encoded: { cursor: Cursor; text: string } | null = null
  #queue: CarriedEvent[] = []
  #state: 'reading' | 'live' = 'reading'
  /** Something was dropped, or a stream was added: the log must be read again before going live. */
  #behind = false
  #flushing = false
  #closed = false

  /** @throws AppError CURSOR_UNKNOWN or CURSOR_EPOCH at once; CURSOR_AHEAD comes from `start`. */
  constructor(options: FactStreamOptions) {
    this.#options = options
    this.#watched = new WatchList(options.hub, (event) => this.#hear(event))
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
    this.#watched.close()
    this.#queue = []
  }

  /**
   * Watches what I may see. Listen, then look: a removal that was committed before a stream was watched is not heard
   * from it, so the list is read once more when all of them are.
   */
  async #follow(): Promise<void> {
    const { db, access, userId } = this.#options
    await this.#watch(await access.listStreams(db, userId))
    this.#watched.keep(await access.listStreams(db, userId))
  }

  async #watch(streams: readonly string[]): Promise<void> {
    const beginning = this.#cursor.horizon === never
    const fresh = await this.#watched.add(streams)
    // Without a cursor it begins now, also where the horizon lies a little before.
    if (beginning) for (const { stream, after } of fresh) this.#skipTo(stream, after)
  }

  #skipTo(stream: string, seq: number): void {
    this.#sent.set(stream, Math.max(seq, this.#sent.get(stream) ?? 0))
  }

  #hear(event: CarriedEvent): void {
    if (this.#closed || event.seq <= (this.#sent.get(event.stream) ?? 0)) return
    if (this.#queue.length >= maxQueuedEvents) this.#fallBehind()
    if (!this.#behind) this.#queue.push(event)
    const ended = event.stream === this.#options.userId ? this.#options.endedBy(event.event) : null
    if (ended) return this.#fail(ended)
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
      if (!this.#watched.has(change.stream)) this.#fallBehind()
    } else this.#watched.remove(change.stream)
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
    if (this.#behind) return this.#resume()
    const { hub, epoch } = this.#options
    // Everything below the hub's horizon was sent, or is in this.
    const horizon = laterHorizon(this.#cursor.horizon, hub.horizon)
    if (horizon !== this.#cursor.horizon) this.#cursor = { epoch, horizon }
    const events = this.#queue
    this.#queue = []
    this.#send(events)
  }

  /** Writes what is new of these, and where that leaves the reader. */
  #send(events: readonly CarriedEvent[], alsoEmpty = false): void {
    const fresh = events.filter((event) => this.#isNew(event))
    if (fresh.length === 0 && !alsoEmpty) return
    const texts = fresh.map((event) => event.json)
    if (this.#encoded?.cursor !== this.#cursor)
      this.#encoded = { cursor: this.#cursor, text: encodeCursor(this.#cursor) }
    this.#options.sink.write(this.#encoded.text, texts)
    this.#options.metrics.deliveries.inc(fresh.length)
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
    this.#catchUp().catch((cause: unknown) => {
      const words = 'The log cannot be read right now; come back with your cursor.'
      const unreadable = new AppError('DATABASE_UNAVAILABLE', words, { cause, retryAfter: 2 })
      this.#fail(cause instanceof AppError ? cause : unreadable)
    })
  }

  #fail(error: AppError): void {
    if (this.#closed) return
    this.close()
    this.#options.sink.fail(error)
  }

  /** Reads rounds until nothing was dropped meanwhile, then goes live in the same turn. */
  async #catchUp(): Promise<void> {
    do {
      this.#behind = false
      await drained(this.#options.sink, resumeBacklogBytes, () => this.#closed)
      await this.#follow()
      await this.#readRound()
      if (this.#closed) return
    } while (this.#behind)
    const waiting = this.#queue
    this.#queue = []
    this.#state = 'live'
    // Also when empty: it tells the reader that it has everything up to this cursor.
    this.#send(waiting, true)
  }

  /** Reads every stream from the cursor to this moment, and moves the cursor there. */
  async #readRound(): Promise<void> {
    const { db, access, userId, epoch } = this.#options
    const { horizon, reading } = this.#cursor
    const missed = await access.findMissed(db, userId, horizon)
    for (const xid of [horizon, reading?.next])
      if (xid !== undefined && xid !== never && BigInt(xid) > BigInt(missed.end))
        throw new AppError(
          'CURSOR_AHEAD',
          'This cursor is ahead of the log; load everything and begin anew.',
        )
    // A reading that was broken off goes on where it was, towards the horizon it had then.
    const next = reading?.next ?? missed.horizon
    for (const { stream, from } of missed.streams) {
      if (reading && stream < reading.stream) continue
      const done = reading?.stream === stream ? reading.seq : 0
      await this.#readStream(stream, Math.max(done, from - 1), next)
    }
    if (this.#closed) return
    this.#cursor = { epoch, horizon: next }
    if (reading) this.#behind = true
  }

  async #readStream(stream: string, from: number, next: string): Promise<void> {
    const { db, access, userId, sink, epoch } = this.#options
    for (let after = from; !this.#closed;) {
      await drained(sink, readingBacklogBytes, () => this.#closed)
      const page = await access.readPage(db, userId, stream, after, pageSize)
      const last = page.at(-1)
      if (this.#closed || !last) return
      after = last.seq
      const { horizon } = this.#cursor
      this.#cursor = { epoch, horizon, reading: { next, stream, seq: after } }
      this.#send(page)
      if (page.length < pageSize) return
    }
  }
}
