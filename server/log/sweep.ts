/**
 * Looks at the log for what no signal told of, so that a signal that never came costs a delay, never a fact: at each beat,
 * and closer together while the bus is down, when the log is the only way from instance to instance.
 */
import { sql, type Kysely } from 'kysely'
import type { Logger } from 'pino'
import { late } from '../../db/prepared.ts'
import type { Database } from '../../db/schema.ts'
import { untilBeat } from '../beat.ts'
import type { Bus } from '../bus/bus.ts'
import type { Metrics } from '../observe/metrics.ts'
import type { JointLook, Question } from './joint-look.ts'
import { currentSnapshot, safeHorizon } from './safe-horizon.ts'
import type { WatchedStream } from './watched-stream.ts'

export interface Sweep {
  /** Every event of a transaction below this (xid8) was handed to whoever watched its stream. */
  readonly horizon: string
  start(): Promise<void>
  /** Where a sweep that began now would begin. */
  readHorizon(): Promise<string>
  /** The log is another one: goes on from there. */
  renew(horizon: string): void
  close(): Promise<void>
}

interface SweepOptions {
  db: Kysely<Database>
  bus: Bus
  log: Logger
  metrics: Metrics
  looks: JointLook
  /** What is watched on this instance. */
  streamOf: (id: string) => WatchedStream | undefined
  /** Called after each look, also one that failed. */
  looked: () => void
}

/** Between looks while the bus is down. */
const aloneMs = 300

/** When it asked, and how often the log had become another one by then. */
interface Asked {
  at: number
  histories: number
}

/** What it is told: the horizon now, and the head of each stream that has something from its own on. */
type News = [horizon: string, heads: [stream: string, head: number][]]

export function createSweep(options: SweepOptions): Sweep {
  const { db, bus, log, metrics, looks, streamOf, looked } = options
  let horizon = '0'
  let histories = 0
  let lastLook = Date.now()
  let asked: Asked | null = null
  let filling: Promise<void> | null = null
  let timer: NodeJS.Timeout | null = null
  let stopAsking = () => {}
  // What the bus does not bring any more need not wait for the next beat.
  const stopHearing = bus.onLost(sweepSoon)
  let closed = false

  async function readHorizon(): Promise<string> {
    const { rows } = await sql<{ horizon: string }>`
      select ${safeHorizon(currentSnapshot)}::text as horizon`.execute(db)
    return rows[0]?.horizon ?? '0'
  }

  const whatIsNew = sql`(
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

  const question: Question<News> = {
    text() {
      if (asked || filling) return null
      asked = { at: Date.now(), histories }
      return whatIsNew
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
      looked()
      sweepSoon()
    },
    failed(error) {
      asked = null
      log.warn({ err: error }, 'the sweep could not read the log')
      looked()
      sweepSoon()
    },
  }

  async function fill([now, news]: News, asked: Asked): Promise<void> {
    const behind = news.flatMap(([id, head]) => {
      const stream = streamOf(id)
      if (!stream || stream.seq === null || stream.seq >= head) return []
      return [{ stream, head }]
    })
    const filled = await Promise.all(behind.map(({ stream, head }) => stream.fillTo(head)))
    // What the sweep had to find was committed after the look before.
    metrics.sweepLag.set(behind.length === 0 ? 0 : (Date.now() - lastLook) / 1_000)
    lastLook = asked.at
    // The horizon must not pass what was not delivered to somebody who still watches.
    const left = behind.filter(({ stream }, i) => !filled[i] && streamOf(stream.id) === stream)
    if (left.length === 0 && asked.histories === histories) horizon = now
  }

  function sweepSoon(): void {
    if (closed || bus.connected) return
    timer ??= setTimeout(() => {
      timer = null
      void looks.ask(question)
    }, untilBeat(aloneMs))
  }

  return {
    get horizon() {
      return horizon
    },
    async start() {
      horizon = await readHorizon()
      stopAsking = looks.add(question)
    },
    readHorizon,
    renew(from) {
      histories++
      horizon = from
    },
    async close() {
      closed = true
      stopHearing()
      stopAsking()
      if (timer) clearTimeout(timer)
      await filling
    },
  }
}
