/**
 * One per instance: hands the facts of each stream to those on this instance who watch it, in order, once.
 * Events come three ways (commits here, the bus, the log itself); OrderedStream makes one order of them, and what is
 * missing is read from the log before anything later goes out. The sweep looks at the log itself every second, so
 * that a signal that never came costs a delay, never a fact.
 */
import { sql, type Kysely } from 'kysely'
import type { Logger } from 'pino'
import type { Database } from '../../db/schema.ts'
import type { Bus } from '../bus/bus.ts'
import type { LogEvent } from '../events.ts'
import type { Metrics } from '../observe/metrics.ts'
import { carry, parseCarried, rowToEvent, type CarriedEvent } from './carried-event.ts'
import { createHeadReader } from './head-reader.ts'
import { OrderedStream } from './ordered-stream.ts'

export interface Watching {
  /**
   * Resolves when delivery is certain for every event after the seq it gives. Rejects when the database is away.
   */
  ready: Promise<number>
  stop(): void
}

export interface Hub {
  start(): Promise<void>
  /** Takes events that were committed by this instance: to watchers here at once, to the others over the bus. */
  announce(events: readonly LogEvent[]): void
  /** Hears every event of a stream that is committed from now on. */
  watch(stream: string, listener: (event: CarriedEvent) => void): Watching
  /** Every event of a transaction below this (xid8) was handed to whoever watched its stream. */
  readonly horizon: string
  /** Looks at the log now; otherwise every `sweepEvery` ms. */
  sweep(): Promise<void>
  close(): Promise<void>
}

export interface HubOptions {
  db: Kysely<Database>
  bus: Bus
  log: Logger
  metrics: Metrics
  /** Milliseconds between two looks at the log. */
  sweepEvery?: number
}

interface Watched {
  order: OrderedStream
  listeners: Set<{ from: number; hear: (event: CarriedEvent) => void }>
  stopHearing: () => void
  /** Gives the head after which delivery began, once it is known. */
  ready: Promise<number>
  filling: Promise<void> | null
  patience: NodeJS.Timeout | null
}

/** How long an event may wait for the one before it to arrive by itself; commits answer a little out of order. */
const patienceMs = 10
const sweepEveryMs = 1_000
/** Between looks while the bus is down: the log is then the only way from instance to instance. */
const sweepAloneMs = 300
const pageSize = 500
/** Larger events only ring the bell; nats-server refuses messages over 1 MiB. */
const largestSignal = 256 * 1024

export function createHub({ db, bus, log, metrics, sweepEvery = sweepEveryMs }: HubOptions): Hub {
  const streams = new Map<string, Watched>()
  const readHeads = createHeadReader(db)
  let horizon = '0'
  let lastLook = Date.now()
  let timer: NodeJS.Timeout | null = null
  let sweeping: Promise<void> | null = null
  let closed = false

  function receive(event: CarriedEvent): void {
    const watched = streams.get(event.stream)
    if (watched && !watched.order.offer(event)) metrics.repeatsDropped.inc()
  }

  function hear(json: string, subject: string): void {
    const event = parseCarried(json)
    if (event) receive(event)
    else {
      // A bell without an event, or something that is none: the log knows what happened.
      const watched = streams.get(subject.slice('log.'.length))
      if (watched) void fill(subject.slice('log.'.length), watched)
    }
  }

  function open(stream: string): Watched {
    const watched: Watched = {
      order: new OrderedStream(
        (event) => {
          for (const listener of watched.listeners)
            if (event.seq > listener.from) listener.hear(event)
        },
        () => {
          watched.patience ??= setTimeout(() => {
            watched.patience = null
            if (watched.order.waiting > 0) void fill(stream, watched)
          }, patienceMs)
        },
      ),
      listeners: new Set(),
      // Listen, then look: whatever is committed after the head is read is heard.
      stopHearing: bus.subscribe(`log.${stream}`, hear),
      ready: readHeads(stream).then((head) => {
        watched.order.startAfter(head)
        return head
      }),
      filling: null,
      patience: null,
    }
    streams.set(stream, watched)
    return watched
  }

  function forget(stream: string, watched: Watched): void {
    if (streams.get(stream) === watched) streams.delete(stream)
    watched.stopHearing()
    if (watched.patience) clearTimeout(watched.patience)
  }

  /** Reads from the log what this stream has beyond what was delivered. One at a time per stream. */
  function fill(stream: string, watched: Watched): Promise<void> {
    watched.filling ??= readOn(stream, watched)
      .catch((error: unknown) => {
        log.warn({ err: error }, 'the log could not be read; the sweep tries again')
      })
      .finally(() => {
        watched.filling = null
      })
    return watched.filling
  }

  async function readOn(stream: string, watched: Watched): Promise<void> {
    await watched.ready
    const announced = watched.order.early
    for (;;) {
      const after = watched.order.seq ?? 0
      const rows = await db
        .selectFrom('events')
        .select(['streamId', 'seq', 'type', 'version', 'actorId', 'payload', 'at'])
        .where('streamId', '=', stream)
        .where('seq', '>', after)
        .orderBy('seq')
        .limit(pageSize)
        .execute()
      const before = watched.order.seq ?? 0
      for (const row of rows) watched.order.offer(carry(rowToEvent(row)))
      metrics.holesFilled.inc(Math.max(0, (watched.order.seq ?? 0) - before))
      if (rows.length < pageSize) break
    }
    // Whoever announces has committed: what the log does not lead up to by now was never written.
    watched.order.discard(announced)
  }

  async function look(): Promise<void> {
    const started = Date.now()
    const { rows } = await sql<{ horizon: string; stream: string | null; head: string | null }>`
      select now.horizon::text, news.stream_id as stream, news.head
      from (select pg_snapshot_xmin(pg_current_snapshot()) as horizon) now
      left join lateral (
        select stream_id, max(seq) as head from events where xid >= ${horizon}::xid8 group by stream_id
      ) news on true`.execute(db)
    const behind: Promise<void>[] = []
    for (const { stream, head } of rows) {
      const watched = stream === null ? undefined : streams.get(stream)
      if (
        stream === null ||
        !watched ||
        watched.order.seq === null ||
        watched.order.seq >= Number(head)
      )
        continue
      behind.push(fillTo(stream, watched, Number(head)))
    }
    await Promise.all(behind)
    if (rows[0]) horizon = rows[0].horizon
    // What the sweep had to find was committed after the look before.
    metrics.sweepLag.set(behind.length === 0 ? 0 : (Date.now() - lastLook) / 1_000)
    lastLook = started
    metrics.natsConnected.set(bus.connected ? 1 : 0)
  }

  /** As fill, but fails when the log could not be read as far: the horizon must not pass what was not delivered. */
  async function fillTo(stream: string, watched: Watched, head: number): Promise<void> {
    await watched.filling
    if ((watched.order.seq ?? 0) < head) await fill(stream, watched)
    const seq = watched.order.seq ?? 0
    if (seq < head && streams.get(stream) === watched)
      throw new Error(`a stream could not be read up to its event ${head}`)
  }

  function sweep(): Promise<void> {
    sweeping ??= look()
      .catch((error: unknown) => {
        log.warn({ err: error }, 'the sweep could not read the log')
      })
      .finally(() => {
        sweeping = null
      })
    return sweeping
  }

  function schedule(): void {
    if (closed) return
    timer = setTimeout(
      () => {
        void sweep().then(schedule)
      },
      bus.connected ? sweepEvery : Math.min(sweepEvery, sweepAloneMs),
    )
  }

  return {
    get horizon() {
      return horizon
    },
    sweep,
    async start() {
      const { rows } = await sql<{ horizon: string }>`
        select pg_snapshot_xmin(pg_current_snapshot())::text as horizon`.execute(db)
      horizon = rows[0]?.horizon ?? '0'
      schedule()
    },
    announce(events) {
      for (const event of events) {
        const carried = carry(event)
        bus.publish(`log.${event.stream}`, carried.json.length > largestSignal ? '' : carried.json)
        receive(carried)
      }
    },
    watch(stream, hearEvent) {
      const watched = streams.get(stream) ?? open(stream)
      const known = watched.order.seq
      const listener = { from: known ?? 0, hear: hearEvent }
      watched.listeners.add(listener)
      const stop = () => {
        watched.listeners.delete(listener)
        if (watched.listeners.size === 0) forget(stream, watched)
      }
      const ready = watched.ready.then(
        (head) => known ?? head,
        (error: unknown) => {
          forget(stream, watched)
          throw error
        },
      )
      return { ready, stop }
    },
    async close() {
      closed = true
      if (timer) clearTimeout(timer)
      await sweeping
      for (const [stream, watched] of [...streams]) {
        await watched.filling
        forget(stream, watched)
      }
    },
  }
}
