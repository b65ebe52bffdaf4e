import type { Kysely } from 'kysely'
import type { Logger } from 'pino'
import type { Database } from '../../db/schema.ts'
import type { Metrics } from '../observe/metrics.ts'
import { carry, rowToEvent, type CarriedEvent } from './carried-event.ts'
import { OrderedStream } from './ordered-stream.ts'

interface Listener {
  /** Hears what comes after this seq. */
  from: number
  hear: (event: CarriedEvent) => void
}

/** How long an event may wait for the one before it to arrive by itself; commits answer a little out of order. */
const patienceMs = 10
const pageSize = 500

/** A stream that somebody on this instance watches: its order, its listeners, and how holes are filled. */
export class WatchedStream {
  readonly id: string
  /** Gives the head after which delivery began, once it is known. */
  readonly ready: Promise<number>
  readonly #services: { db: Kysely<Database>; log: Logger; metrics: Metrics }
  readonly #order: OrderedStream
  readonly #listeners = new Set<Listener>()
  #filling: Promise<void> | null = null
  #patience: NodeJS.Timeout | null = null

  /** @param head what the log says; asked for after the stream is heard over the bus: listen, then look. */
  constructor(
    id: string,
    head: Promise<number>,
    services: { db: Kysely<Database>; log: Logger; metrics: Metrics },
  ) {
    this.id = id
    this.#services = services
    this.#order = new OrderedStream(
      (event) => {
        for (const { from, hear } of this.#listeners) if (event.seq > from) hear(event)
      },
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

  get isUnheard(): boolean {
    return this.#listeners.size === 0
  }

  /** @returns stops listening. */
  listen(hear: (event: CarriedEvent) => void): () => void {
    const listener = { from: this.seq ?? 0, hear }
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  offer(event: CarriedEvent): void {
    if (!this.#order.offer(event)) this.#services.metrics.repeatsDropped.inc()
  }

  /** Reads from the log what is there beyond what was delivered. One reading at a time. */
  fill(): Promise<void> {
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
    if (this.#patience) clearTimeout(this.#patience)
    this.#listeners.clear()
    await this.#filling
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
      const rows = await this.#services.db
        .selectFrom('events')
        .select(['streamId', 'seq', 'type', 'version', 'actorId', 'payload', 'at'])
        .where('streamId', '=', this.id)
        .where('seq', '>', before)
        .orderBy('seq')
        .limit(pageSize)
        .execute()
      for (const row of rows) this.#order.offer(carry(rowToEvent(row)))
      this.#services.metrics.holesFilled.inc((this.seq ?? 0) - before)
      if (rows.length < pageSize) break
    }
    // Whoever announces has committed: what the log does not lead up to by now was never written.
    this.#order.discard(announced)
  }
}
