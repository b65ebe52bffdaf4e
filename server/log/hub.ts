/**
 * One per instance: hands the facts of each stream to those on this instance who watch it, in order, once.
 * Events come three ways (commits here, the bus, the log itself); WatchedStream makes one order of them, and what is
 * missing is read from the log before anything later goes out. The sweep looks at the log itself at each beat, so
 * that a signal that never came costs a delay, never a fact.
 */
import type { Kysely } from 'kysely'
import type { Logger } from 'pino'
import type { Database } from '../../db/schema.ts'
import type { Bus } from '../bus/bus.ts'
import type { LogEvent } from '../events.ts'
import type { Metrics } from '../observe/metrics.ts'
import { carry, parseCarried, type CarriedEvent } from './carried-event.ts'
import { createHeadReader } from './head-reader.ts'
import type { JointLook } from './joint-look.ts'
import type { RecentBudget } from './recent-events.ts'
import { joinSignals } from './signals.ts'
import { createSweep } from './sweep.ts'
import { TurnEnd, type Flushable } from './turn-end.ts'
import { WatchedStream, type StreamListener } from './watched-stream.ts'

export interface Watching {
  /** The stream's id: one string for all who watch it. */
  stream: string
  /**
   * Resolves when delivery is certain for every event after the seq it gives. Rejects when the database is away.
   */
  ready: Promise<number>
}

export interface Hub {
  start(): Promise<void>
  /** Takes events that were committed by this instance: to watchers here at once, to the others over the bus. */
  announce(events: readonly LogEvent[]): void
  /** Lets the listener hear every event of a stream that is committed from now on, until it is told to stop. */
  watch(stream: string, listener: StreamListener): Watching
  unwatch(stream: string, listener: StreamListener): void
  /** seq of the newest event that was handed to who watches the stream; 0 when nobody does. */
  seqOf(stream: string): number
  /** What came after a seq, when it is in memory in full; null when only the log knows. */
  recentAfter(stream: string, seq: number): CarriedEvent[] | null
  /** Calls the reader back once, at the end of this turn of the event loop. */
  atTurnEnd(reader: Flushable): void
  /**
   * The log is another one: forgets all that was, and tells all who listen. @param begin called in the same moment
   * @throws when the database is away; then nothing has changed
   */
  renew(begin: () => void): Promise<void>
  /** Every event of a transaction below this (xid8) was handed to whoever watched its stream. */
  readonly horizon: string
  close(): Promise<void>
}

export interface HubOptions {
  db: Kysely<Database>
  bus: Bus
  log: Logger
  metrics: Metrics
  /** Whether an event takes back what an earlier one said: see Access. */
  takesBack: (event: CarriedEvent) => boolean
  /** The sweep is one of its questions. */
  looks: JointLook
}

/** A stream that nobody hears is kept this long, with what it has in memory: people reload and come back. */
const lingerMs = 60_000
/** Between two looks for such, at all there are. */
const forgetEveryMs = 10_000
/** Bytes of events kept in memory, over all streams. */
const recentBytes = 32 * 1024 * 1024

export function createHub(options: HubOptions): Hub {
  const { db, bus, log, metrics } = options
  const streams = new Map<string, { stream: WatchedStream; stopHearing: () => void }>()
  const recentBudget: RecentBudget = { left: recentBytes }
  const shared = { db, log, metrics, recentBudget, takesBack: options.takesBack }
  const turnEnd = new TurnEnd(log)
  const readHead = createHeadReader(db)
  let forgotAt = Date.now()

  function hear(signal: string, subject: string): void {
    for (const json of signal.split('\n')) {
      const event = parseCarried(json)
      if (event) streams.get(event.stream)?.stream.offer(event)
      // A bell without an event, or something that is none: the log knows what happened.
      else void streams.get(subject.slice('log.'.length))?.stream.fill()
    }
  }

  function open(id: string): WatchedStream {
    const stopHearing = bus.subscribe(`log.${id}`, hear)
    const stream = new WatchedStream(id, readHead(id), shared)
    streams.set(id, { stream, stopHearing })
    return stream
  }

  async function forget(stream: WatchedStream): Promise<void> {
    const known = streams.get(stream.id)
    if (known?.stream !== stream) return
    streams.delete(stream.id)
    known.stopHearing()
    await stream.close()
  }

  function forgetUnheard(): void {
    const now = Date.now()
    if (now - forgotAt < forgetEveryMs) return
    forgotAt = now
    const before = now - lingerMs
    for (const { stream } of streams.values())
      if (stream.unheardSince !== null && stream.unheardSince < before) void forget(stream)
  }

  const sweep = createSweep({
    db,
    bus,
    log,
    metrics,
    looks: options.looks,
    streamOf: (id) => streams.get(id)?.stream,
    watched: () => [...streams.keys()],
    looked: forgetUnheard,
  })

  return {
    get horizon() {
      return sweep.horizon
    },
    start: () => sweep.start(),
    announce(events) {
      const carried = events.map((event) => carry(event))
      for (const event of carried) streams.get(event.stream)?.stream.offer(event)
      for (const { subject, signal } of joinSignals(carried)) bus.publish(subject, signal)
    },
    watch(id, listener) {
      const stream = streams.get(id)?.stream ?? open(id)
      const known = stream.seq
      stream.listen(listener)
      if (known !== null) return { stream: stream.id, ready: Promise.resolve(known) }
      return {
        stream: stream.id,
        ready: stream.ready.catch(async (error: unknown) => {
          await forget(stream)
          throw error
        }),
      }
    },
    unwatch(id, listener) {
      streams.get(id)?.stream.unlisten(listener)
    },
    seqOf: (id) => streams.get(id)?.stream.seq ?? 0,
    recentAfter: (id, seq) => streams.get(id)?.stream.recentAfter(seq) ?? null,
    atTurnEnd: (reader) => turnEnd.add(reader),
    async renew(begin) {
      const from = await sweep.readHorizon()
      const known = [...streams.keys()]
      const read = await Promise.all(known.map(readHead))
      const heads = new Map(known.map((id, place) => [id, read[place]]))
      sweep.renew(from)
      begin()
      // Also what was opened meanwhile: the log it began with is this one, but who listens came with the epoch before.
      for (const [id, { stream }] of streams) stream.renew(heads.get(id))
    },
    async close() {
      await sweep.close()
      turnEnd.flush()
      for (const { stream } of [...streams.values()]) await forget(stream)
    },
  }
}
