import { sql, type Kysely, type RawBuilder } from 'kysely'
import type { Logger } from 'pino'
import type { Database } from '../../db/schema.ts'
import type { Metrics } from '../observe/metrics.ts'
import type { LogEvent } from '../events.ts'
import { hasDueLetters } from './dead-letter.ts'
import { concerns, type EventHandlers } from './event-handler.ts'
import type { JointLook, Question } from './joint-look.ts'
import { takePlace, takeTurn } from './take-turn.ts'

export interface Reactions {
  /** Resolves when each handler has its place in the log, unless the database failed: what is committed after it is handled. */
  ready: Promise<void>
  /** Takes events that were committed by this instance: those that a handler hurries for need not wait for the next look. */
  hear(events: readonly LogEvent[]): void
  /** Waits for the turn under way. */
  close(): Promise<void>
}

interface RunOptions {
  db: Kysely<Database>
  handlers: EventHandlers
  log: Logger
  metrics: Metrics
  /** Whether handlers have work is one of its questions: new commits, retries that are due, leases that were left behind. */
  looks: JointLook
}

/** Events in one turn, but for those of its last transaction. */
const eventsPerTurn = 500
/** Events, and transactions, after which the place is moved although nothing was there for the handler. */
const longestRest = 200
const longestQuiet = 1_000
/** Milliseconds in which further events that somebody waits for may come, to go together. */
const gatherMs = 50

/** By name; one without a place in the log yet is not among them. */
type Work = Record<string, boolean>

/**
 * Lets all handlers react to what is committed, each on one instance at a time, in the background. What is committed
 * between two looks goes together: a turn costs about the same for one event as for a hundred. Only what somebody waits
 * for is brought to them at once.
 */
export function runHandlers({ db, handlers, log, metrics, looks }: RunOptions): Reactions {
  const names = Object.keys(handlers)
  const hurrying = Object.values(handlers).flatMap(({ hurries }) => (hurries ? [hurries] : []))
  let running: Promise<void> | null = null
  let soon: NodeJS.Timeout | null = null
  let failing = false
  let closed = false

  // Without a lock, so that an idle instance writes nothing.
  const workText = sql`(
    select coalesce(json_object_agg(place.name, case place.name ${sql.join(
      names.map((name) => sql`when ${name} then ${hasWork(handlers, name)}`),
      sql` `,
    )} end), '{}')
    from event_handlers place where place.name = any(${names}::text[])
  )`

  const question: Question<Work> = {
    text: () => (names.length === 0 ? null : workText),
    take(work) {
      if (running || closed) return
      running = runAll(work).finally(() => {
        running = null
      })
    },
    failed,
  }

  function failed(error: unknown): void {
    if (!failing) log.warn({ err: error }, 'events could not be handled; trying again')
    failing = true
  }

  async function runAll(work: Work): Promise<void> {
    try {
      for (const name of names) await run(name, work[name])
      failing = false
    } catch (error) {
      failed(error)
    }
  }

  async function run(name: string, hasWork: boolean | undefined): Promise<void> {
    // It could not be taken before: what comes from now on is for it.
    if (hasWork === undefined) await takePlace(db, name)
    if (!hasWork) {
      metrics.handlerLag.set({ handler: name }, 0)
      return
    }
    for (let more = true; more && !closed;) {
      const turn = await takeTurn(db, handlers, name, eventsPerTurn)
      if (!turn) return
      more = turn.more
      metrics.handlerLag.set({ handler: name }, turn.lag)
      if (turn.givenUp > 0) {
        metrics.deadLetters.inc({ handler: name }, turn.givenUp)
        log.error(
          { handler: name, events: turn.givenUp },
          'events were set aside: skein dead-letters list',
        )
      }
    }
  }

  async function lookNow(): Promise<void> {
    soon = null
    // The turn under way may have begun before there was what is waited for.
    await running
    if (!closed) await looks.ask(question)
  }

  async function takePlaces(): Promise<void> {
    try {
      for (const name of names) await takePlace(db, name)
    } catch (error) {
      failed(error)
    }
  }

  const stop = looks.add(question)
  return {
    ready: takePlaces(),
    hear(events) {
      if (soon || closed || !events.some((event) => hurrying.some((hurries) => hurries(event))))
        return
      soon = setTimeout(() => void lookNow(), gatherMs)
    },
    async close() {
      closed = true
      stop()
      if (soon) clearTimeout(soon)
      await running
    },
  }
}

/** SQL over a `place` in the log: whether there is something for the handler, or the place has to be moved. */
function hasWork(handlers: EventHandlers, name: string): RawBuilder<boolean> {
  const handler = handlers[name]
  if (!handler) throw new Error(`there is no handler ${name}`)
  return sql<boolean>`(
    exists (
      select from (
        select * from events where xid >= place.horizon order by xid limit ${longestRest}
      ) events where ${concerns(handler)}
    ) or exists (
      select from events where xid >= place.horizon order by xid offset ${longestRest} limit 1
    ) or ${hasDueLetters(name)}
    or pg_snapshot_xmin(pg_current_snapshot())::text::numeric - place.horizon::text::numeric > ${longestQuiet}
  )`
}
