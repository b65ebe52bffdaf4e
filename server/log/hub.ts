/**
 * One per instance: hands the facts of each stream to those on this instance who watch it, in order, once.
 * Events come three ways (commits here, the bus, the log itself); WatchedStream makes one order of them, and what is
 * missing is read from the log before anything later goes out. The sweep looks at the log itself every second, so
 * that a signal that never came costs a delay, never a fact.
 */
import { sql, type Kysely } from 'kysely'
import type { Logger } from 'pino'
import { late } from '../../db/prepared.ts'
import type { Database } from '../../db/schema.ts'
import { untilBeat } from '../beat.ts'
import type { Bus } from '../bus/bus.ts'
import type { LogEvent } from '../events.ts'
import type { Metrics } from '../observe/metrics.ts'
import { carry, parseCarried, type CarriedEvent } from './carried-event.ts'
import { createHeadReader } from './head-reader.ts'
import type { JointLook, Question } from './joint-look.ts'
import type { RecentBudget } from './recent-events.ts'
import { currentSnapshot, safeHorizon } from './safe-horizon.ts'
import { joinSignals } from './signals.ts'
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
  takesBack: (event: LogEvent) => boolean
  /** The sweep is one of its questions. */
  looks: JointLook
}

/** Between looks at the log while the bus is down: the log is then the only way from instance to instance. */
const sweepAloneMs = 300
/** A stream that nobody hears is kept this long, with what it has in memory: people reload and come back. */
const lingerMs = 60_000
/** Between two looks for such, at all there are. */
const forgetEveryMs = 10_000
/** Bytes of events kept in memory, over all streams. */
const recentBytes = 32 * 1024 * 1024

/** When a sweep asked, and how often the log had become another one by then. */
interface Asked {
  at: number
  histories: number
}

/** What it is told: the horizon now, and the head of each stream that has something from its own on. */
type Sweep = [horizon: string, news: [stream: string, head: number][]]

export function createHub(options: HubOptions): Hub {
  const { db, bus, log, metrics, looks } = options
  const streams = new Map<string, { stream: WatchedStream; stopHearing: () => void }>()
  const recentBudget: RecentBudget = { left: recentBytes }
  const shared = { db, log, metrics, recentBudget, takesBack: options.takesBack }
  const turnEnd = new TurnEnd(log)
  const readHead = createHeadReader(db)
  let horizon = '0'
  let histories = 0
  let lastLook = Date.now()
  let forgotAt = lastLook
  let timer: NodeJS.Timeout | null = null
  let asked: Asked | null = null
  let filling: Promise<void> | null = null
  let stopSweeping = () => {}
  let closed = false

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

  async function readHorizon(): Promise<string> {
    const { rows } = await sql<{ horizon: string }>`
      select ${safeHorizon(currentSnapshot)}::text as horizon`.execute(db)
    return rows[0]?.horizon ?? '0'
  }

  const sweepText = sql`(
    select json_build_array(
      (select ${safeHorizon(currentSnapshot)}::text),
      (
        select coalesce(json_agg(json_build_array(stream_id, head)), '[]') from (
          select stream_id, max(seq) as head from events
          where xid >= ${late(() => horizon)}::xid8 group by stream_id
        ) news
      )
    )
  )`
  const sweep: Question<Sweep> = {
    text() {
      if (asked || filling) return null
      asked = { at: Date.now(), histories }
      return sweepText
    },
    take(answer) {
      const when = asked
      asked = null
      if (when)
        filling = fill(answer, when)
          .catch((error: unknown) => {
            log.warn({ err: error }, 'the sweep could not deliver what it found')
          })
          .finally(() => {
            filling = null
          })
      forgetUnheard()
      sweepSoon()
    },
    failed(error) {
      asked = null
      log.warn({ err: error }, 'the sweep could not read the log')
      sweepSoon()
    },
  }

  async function fill([now, news]: Sweep, asked: Asked): Promise<void> {
    const behind = news.flatMap(([id, head]) => {
      const stream = streams.get(id)?.stream
      if (!stream || stream.seq === null || stream.seq >= head) return []
      return [{ stream, head }]
    })
    const filled = await Promise.all(behind.map(({ stream, head }) => stream.fillTo(head)))
    // What the sweep had to find was committed after the look before.
    metrics.sweepLag.set(behind.length === 0 ? 0 : (Date.now() - lastLook) / 1_000)
    lastLook = asked.at
    // The horizon must not pass what was not delivered to somebody who still watches.
    const left = behind.filter(
      ({ stream }, i) => !filled[i] && streams.get(stream.id)?.stream === stream,
    )
    if (left.length === 0 && asked.histories === histories) horizon = now
  }

  function sweepSoon(): void {
    if (closed || bus.connected) return
    timer ??= setTimeout(() => {
      timer = null
      void looks.ask(sweep)
    }, untilBeat(sweepAloneMs))
  }

  return {
    get horizon() {
      return horizon
    },
    async start() {
      horizon = await readHorizon()
      stopSweeping = looks.add(sweep)
    },
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
      const from = await readHorizon()
      const known = [...streams.values()]
      const heads = await Promise.all(known.map(({ stream }) => readHead(stream.id)))
      histories++
      horizon = from
      begin()
      for (const [place, { stream }] of known.entries()) stream.renew(heads[place] ?? 0)
    },
    async close() {
      closed = true
      stopSweeping()
      if (timer) clearTimeout(timer)
      await filling
      turnEnd.flush()
      for (const { stream } of [...streams.values()]) await forget(stream)
    },
  }
}
