import type { Kysely } from 'kysely'
import type { Logger } from 'pino'
import type { Database } from '../../db/schema.ts'
import type { Metrics } from '../observe/metrics.ts'
import type { CarriedEvent } from './carried-event.ts'
import { OrderedStream } from './ordered-stream.ts'
import { readLog } from './read-log.ts'
import { RecentEvents, type RecentBudget } from './recent-events.ts'

/** Hears the events of streams, each once and in the order of its stream. */
export interface StreamListener {
  hear(event: CarriedEvent): void
  /** The history that it heard was rewritten; from now on it hears another one. */
  renew?(): void
}

/** What all streams of an instance share. */
export interface StreamServices {
  db: Kysely<Database>
  log: Logger
  metrics: Metrics
  recentBudget: RecentBudget
  takesBack: (event: CarriedEvent) => boolean
}

/** How long an event may wait for the one before it to arrive by itself; commits answer a little out of order. */
const patienceMs = 10

/** A stream that somebody on this instance watches: its order, its listeners, and how holes are filled. */
export class WatchedStream {
  readonly id: string
  /** Gives the head after which delivery began, once it is known. */
  readonly ready: Promise<number>
  /** Date.now() when the last listener left; null while there is one. */
  unheardSince: number | null = null
  readonly #services: StreamServices
  readonly #order: OrderedStream
  readonly #recent: RecentEvents
  readonly #listeners = new Set<StreamListener>()
  #filling: Promise<void> | null = null
  #patience: NodeJS.Timeout | null = null
  #closed = false

  /** @param head what the log says; asked for after the stream is heard over the bus: listen, then look. */
  constructor(id: string, head: Promise<number>, services: StreamServices) {
    this.id = id
    this.#services = services
    this.#recent = new RecentEvents(services.recentBudget)
    this.#order = new OrderedStream(
      (event) => this.#deliver(event),
      () => this.#waitForHole(),
    )
    this.ready = head.then((seq) => {
      this.#order.startAfter(seq)
      return seq
    })
  }

  /** seq of the newest event delivered; null until the head is known. */
  get seq(): number | null {
    return this.#order.seq
  }

  listen(listener: StreamListener): void {
    this.#listeners.add(listener)
    this.unheardSince = null
  }

  unlisten(listener: StreamListener): void {
    this.#listeners.delete(listener)
    if (this.#listeners.size === 0) this.unheardSince ??= Date.now()
  }

  /** What came after a seq, when that is still in memory in full. */
  recentAfter(seq: number): CarriedEvent[] | null {
    return this.#recent.after(seq)
  }

  offer(event: CarriedEvent): void {
    if (!this.#order.offer(event)) this.#services.metrics.repeatsDropped.inc()
  }

  /** The log is another one: it goes on after `head`, or where it is when it has begun with that log. */
  renew(head: number | undefined): void {
    if (head !== undefined) {
      this.#order.startAnew(head)
      this.#recent.clear()
    }
    for (const listener of [...this.#listeners]) listener.renew?.()
  }

  /** Reads from the log what is there beyond what was delivered, unless closed. One reading at a time. */
  fill(): Promise<void> {
    if (this.#closed) return Promise.resolve()
    this.#filling ??= this.#readOn()
      .catch((error: unknown) => {
        this.#services.log.warn({ err: error }, 'the log could not be read; the sweep tries again')
      })
      .finally(() => {
        this.#filling = null
      })
    return this.#filling
  }

  /** Reads at least up to `head`. @returns false when that could not be done. */
  async fillTo(head: number): Promise<boolean> {
    await this.#filling
    if ((this.seq ?? 0) < head) await this.fill()
    return (this.seq ?? 0) >= head
  }

  async close(): Promise<void> {
    this.#closed = true
    if (this.#patience) clearTimeout(this.#patience)
    this.#listeners.clear()
    this.#recent.clear()
    await this.#filling
  }

  #deliver(event: CarriedEvent): void {
    // Kept now, nobody would ever give the memory back.
    if (this.#closed) return
    if (this.#services.takesBack(event)) this.#recent.clear()
    this.#recent.add(event)
    for (const listener of this.#listeners)
      try {
        listener.hear(event)
      } catch (error) {
        // Not the shape that its type says, as a newer version or garbage may be: that must not end the process, nor
        // keep it from the others.
        this.#services.log.error(
          { err: error, type: event.type, seq: event.seq },
          'an event was not understood',
        )
      }
    event.rest()
  }

  #waitForHole(): void {
    this.#patience ??= setTimeout(() => {
      this.#patience = null
      if (this.#order.waiting > 0) void this.fill()
    }, patienceMs)
  }

  async #readOn(): Promise<void> {
    await this.ready
    const announced = this.#order.early
    for (;;) {
      const before = this.seq ?? 0
      const { events, isLast } = await readLog(this.#services.db, this.id, before)
      for (const event of events) this.#order.offer(event)
      this.#services.metrics.holesFilled.inc((this.seq ?? 0) - before)
      if (isLast || this.#closed) break
    }
    // Whoever announces has committed: what the log does not lead up to by now was never written.
    this.#order.discard(announced)
  }
}
