/**
 * Notices, while the instance runs, that the database has another history than it had: an older backup, a copy of its
 * files or another server in its place. The witness is the newest event that this instance knows of: events are never
 * removed, and durable before anyone sees them, so a log without it is not the log that was. Looked for on every new
 * connection, since no rewriting leaves the old ones alive, and now and then all the same.
 */
import { sql, type Kysely, type RawBuilder } from 'kysely'
import type pg from 'pg'
import type { Logger } from 'pino'
import { late } from '../../db/prepared.ts'
import type { Database } from '../../db/schema.ts'
import { agreeOnEpoch, historySource } from './epoch.ts'
import type { JointLook, Question } from './joint-look.ts'

export interface HistoryWatch {
  close(): Promise<void>
}

interface Options {
  db: Kysely<Database>
  pool: pg.Pool
  log: Logger
  /** The epoch as everyone on this instance has it. */
  server: { readonly epoch: string }
  /** Begins anew under this epoch; must throw when it could not. */
  onRewritten: (epoch: string) => Promise<void>
  /** Whether the history is the same is one of its questions. */
  looks: JointLook
}

interface Witness {
  stream: string
  seq: number
  /** Microseconds since 1970. */
  at: number
}

interface Found {
  epoch: string
  source: string
  knownSource: string | null
  newest: Witness | null
  /** Whether the witness is. */
  there: boolean
}

/** When an event was: a number, since a time is written as the time zone of a connection has it. */
const instant = sql`(extract(epoch from at) * 1000000)::bigint`

/**
 * Any event of the newest transaction. Which of them is as good as another, and must be: after a restore all events may
 * count as one transaction, and to sort them is to read the whole log, at each look.
 */
export const newestEvent = sql`(
  select json_build_object('stream', stream_id, 'seq', seq, 'at', ${instant})
  from events order by xid desc limit 1
)`

export function watchHistory(options: Options): HistoryWatch {
  const { db, pool, log, server, onRewritten, looks } = options
  let witness: Witness | null = null
  /** Of the server that is there; another one may allow less. */
  let text: RawBuilder<unknown> | null = null
  let looking: Promise<void> | null = null
  let asked = false
  let judging: Promise<void> | null = null
  let closed = false

  const question: Question<Found> = {
    text() {
      if (closed || asked || judging) return null
      if (text) asked = true
      else lookNow()
      return text
    },
    take(found) {
      asked = false
      judging = judge(found)
        .catch(notBegunAnew)
        .finally(() => {
          judging = null
        })
    },
    failed(error) {
      asked = false
      failed(error)
    },
  }

  function textFor(currentSource: RawBuilder<string>): RawBuilder<unknown> {
    return sql`(
      select json_build_object(
        'epoch', s.epoch, 'source', ${currentSource}, 'knownSource', s.epoch_source,
        'newest', ${newestEvent},
        'there', exists (
          select from events
          where stream_id = ${late(() => witness?.stream ?? null)}::uuid
            and seq = ${late(() => witness?.seq ?? null)}::bigint
            and ${instant} = ${late(() => witness?.at ?? null)}::bigint
        )
      ) from server s
    )`
  }

  async function judge(found: Found): Promise<void> {
    const lost = witness !== null && !found.there
    if (lost || found.epoch !== server.epoch || found.knownSource?.split(' ')[0] !== found.source) {
      const epoch = await agreeOnEpoch(db, { epoch: server.epoch, lost })
      if (lost || epoch !== server.epoch) {
        log.error(
          { lost: witness },
          'the history of the database was rewritten; everyone begins anew',
        )
        await onRewritten(epoch)
      }
    }
    witness = found.newest
  }

  function failed(error: unknown): void {
    log.debug({ err: error }, 'the history could not be looked at')
    text = null
  }

  /** The database says another history, and readers still go by the one before. */
  function notBegunAnew(error: unknown): void {
    log.error({ err: error }, 'a rewritten history was not begun anew; the next look tries again')
    text = null
  }

  function lookNow(): void {
    if (looking || closed) return
    looking = look()
      .catch(failed)
      .finally(() => {
        looking = null
      })
  }

  async function look(): Promise<void> {
    text ??= textFor(await historySource(db))
    await looks.ask(question)
  }

  // While it looks, a new connection is its own.
  pool.on('connect', lookNow)
  const stop = looks.add(question)
  lookNow()

  return {
    async close() {
      closed = true
      pool.off('connect', lookNow)
      stop()
      await looking
      await judging
    },
  }
}
