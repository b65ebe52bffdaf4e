import { sql, type Kysely } from 'kysely'
import type { Logger } from 'pino'
import type { Database } from '../../db/schema.ts'
import { untilBeat } from '../beat.ts'
import type { Metrics } from '../observe/metrics.ts'
import { hasDueLetters } from './dead-letter.ts'
import { concerns, type EventHandlers } from './event-handler.ts'
import { takePlace, takeTurn } from './take-turn.ts'

export interface Reactions {
  /** Something was committed here: look soon. */
  wake(): void
  /** Waits for the turn under way. */
  close(): Promise<void>
}

interface RunOptions {
  db: Kysely<Database>
  handlers: EventHandlers
  log: Logger
  metrics: Metrics
}

/** What is committed within it goes together: a turn costs about the same for one event as for a hundred. */
const wakeAfterMs = 500
/** Commits of others, retries that are due, and what a lease of another instance left behind. */
const lookEveryMs = 2_000
/** Events in one turn, but for those of its last transaction. */
const eventsPerTurn = 500
/** Events, and transactions, after which the place is moved although nothing was there for the handler. */
const longestRest = 200
const longestQuiet = 1_000

/** Lets all handlers react to what is committed, each on one instance at a time, in the background. */
export function runHandlers({ db, handlers, log, metrics }: RunOptions): Reactions {
  let timer: NodeJS.Timeout | null = null
  let soon = false
  let running: Promise<void> | null = null
  let failing = false
  let closed = false

  async function run(name: string): Promise<void> {
    for (;;) {
      const work = closed ? false : await hasWork(db, handlers, name)
      // New, or of a database from before its time.
      if (work === null) await takePlace(db, name)
      if (!work) break
      const turn = await takeTurn(db, handlers, name, eventsPerTurn)
      if (!turn) return
      metrics.handlerLag.set({ handler: name }, turn.lag)
      if (turn.givenUp > 0) {
        metrics.deadLetters.inc({ handler: name }, turn.givenUp)
        log.error(
          { handler: name, events: turn.givenUp },
          'events were set aside: skein dead-letters list',
        )
      }
      if (!turn.more) return
    }
    metrics.handlerLag.set({ handler: name }, 0)
  }

  async function runAll(): Promise<void> {
    try {
      for (const name of Object.keys(handlers)) await run(name)
      failing = false
    } catch (error) {
      if (!failing) log.warn({ err: error }, 'events could not be handled; trying again')
      failing = true
    }
  }

  function schedule(milliseconds: number): void {
    if (closed) return
    if (timer) clearTimeout(timer)
    timer = setTimeout(() => {
      timer = null
      soon = false
      running = runAll().finally(() => {
        running = null
        schedule(untilBeat(soon ? wakeAfterMs : lookEveryMs))
      })
    }, milliseconds)
  }
  schedule(0)

  return {
    wake() {
      if (soon) return
      soon = true
      if (!running) schedule(untilBeat(wakeAfterMs))
    },
    async close() {
      closed = true
      if (timer) clearTimeout(timer)
      await running
    },
  }
}

/** Looked up without a lock, so that an idle instance writes nothing. Null when the handler has no place yet. */
async function hasWork(
  db: Kysely<Database>,
  handlers: EventHandlers,
  name: string,
): Promise<boolean | null> {
  const handler = handlers[name]
  if (!handler) return false
  const { rows } = await sql<{ work: boolean }>`
    select exists (
        select from (
          select * from events where xid >= place.horizon order by xid limit ${longestRest}
        ) events where ${concerns(handler)}
      ) or exists (
        select from events where xid >= place.horizon order by xid offset ${longestRest} limit 1
      ) or ${hasDueLetters(name)}
      or pg_snapshot_xmin(pg_current_snapshot())::text::numeric - place.horizon::text::numeric > ${longestQuiet} as work
    from event_handlers place where place.name = ${name}`.execute(db)
  return rows[0]?.work ?? null
}
