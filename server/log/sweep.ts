/**
 * Looks at the log for what no signal told of, so that a signal that never came costs a delay, never a fact: at each beat,
 * and closer together while the bus is down, when the log is the only way from instance to instance.
 */
import { sql, type Kysely, type RawBuilder } from 'kysely'
import type { Logger } from 'pino'
import { arrayLiteral } from '../../db/array-literal.ts'
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
  watched: () => readonly string[]
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

/** What it is told: the horizon now, and the head of each stream that may have news; null when there is too much of it. */
type News = [horizon: string, heads: [stream: string, head: number][] | null]

/**
 * Events from the horizon on that a look goes through. There are more when somebody holds the horizon, if only with a
 * transaction in another database of the cluster: then it looks at the heads of what is watched instead.
 */
const mostNews = 20_000

export function createSweep(options: SweepOptions): Sweep {
  const { db, bus, log, metrics, looks, streamOf, watched, looked } = options
  let horizon = '0'
  let histories = 0
  let lastLook = Date.now()
  let asked: Asked | null = null
  let filling: Promise<void> | null = null
  let isTooMuch = false
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

  const from = sql`${late(() => horizon)}::xid8`
  const whatIsNew = newsOf(sql`
    case when exists (select from events where xid >= ${from} order by xid offset ${mostNews} limit 1) then null else (
      select coalesce(json_agg(json_build_array(stream_id, head)), '[]') from (
        select stream_id, max(seq) as head from events where xid >= ${from} group by stream_id
      ) news
    ) end`)
  const whereWatchedStand = newsOf(sql`(
    select coalesce(json_agg(json_build_array(id, head)), '[]') from streams
    where id = any(${late(() => arrayLiteral(watched()))}::uuid[])
  )`)

  const question: Question<News> = {
    text() {
      if (asked || filling) return null
      asked = { at: Date.now(), histories }
      return isTooMuch ? whereWatchedStand : whatIsNew
    },
    take([now, heads]) {
      const when = asked
      asked = null
      isTooMuch = heads === null
      if (isTooMuch && !closed) void looks.ask(question)
      if (when && heads)
        filling = fill(now, heads, when)
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

  async function fill(now: string, heads: NonNullable<News[1]>, asked: Asked): Promise<void> {
    const behind = heads.flatMap(([id, head]) => {
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
      // While one is under way there is nothing to ask, and it would not come to the next.
      if (asked || filling) sweepSoon()
      else void looks.ask(question)
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

function newsOf(heads: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`(select json_build_array((select ${safeHorizon(currentSnapshot)}::text), ${heads}))`
}
