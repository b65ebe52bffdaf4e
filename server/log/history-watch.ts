/**
 * Notices, while the instance runs, that the database has another history than it had: an older backup, a copy of its
 * files or another server in its place. The witness is the newest event that this instance knows of: events are never
 * removed, and durable before anyone sees them, so a log without it is not the log that was. Looked for on every new
 * connection, since no rewriting leaves the old ones alive, and now and then all the same.
 */
import { sql, type Kysely, type RawBuilder } from 'kysely'
import type pg from 'pg'
import type { Logger } from 'pino'
import type { Database } from '../../db/schema.ts'
import { untilBeat } from '../beat.ts'
import { agreeOnEpoch, historySource } from './epoch.ts'

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
  /** Milliseconds between two looks. */
  lookEvery?: number
}

interface Witness {
  stream: string
  seq: number
  at: string
}

const lookEveryMs = 2_000

export function watchHistory(options: Options): HistoryWatch {
  const { db, pool, log, server, onRewritten, lookEvery = lookEveryMs } = options
  let witness: Witness | null = null
  let currentSource: RawBuilder<string> | null = null
  let timer: NodeJS.Timeout | null = null
  let looking: Promise<void> | null = null
  let again = false
  let closed = false

  async function look(): Promise<void> {
    currentSource ??= await historySource(db)
    const { rows } = await sql<{
      epoch: string
      source: string
      knownSource: string | null
      newest: Witness | null
      there: boolean
    }>`
      select s.epoch, ${currentSource} as source, s.epoch_source as known_source,
        (select json_build_object('stream', stream_id, 'seq', seq, 'at', at::text) from events order by xid desc, stream_id, seq desc limit 1) as newest,
        exists (
          select from events where stream_id = ${witness?.stream ?? null}::uuid
            and seq = ${witness?.seq ?? null}::bigint and at::text = ${witness?.at ?? null}::text
        ) as there
      from server s`.execute(db)
    const [found] = rows
    if (!found) return
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

  function run(): void {
    if (timer) clearTimeout(timer)
    timer = null
    if (closed) return
    if (looking) {
      again = true
      return
    }
    looking = look()
      .catch((error: unknown) => {
        log.debug({ err: error }, 'the history could not be looked at')
        // Another server may allow less than the one before.
        currentSource = null
      })
      .finally(() => {
        looking = null
        if (closed) return
        timer = setTimeout(run, again ? 0 : untilBeat(lookEvery))
        again = false
      })
  }

  // Its own new connection would wake it for ever.
  const onConnect = () => {
    if (!looking) run()
  }
  pool.on('connect', onConnect)
  run()

  return {
    async close() {
      closed = true
      pool.off('connect', onConnect)
      if (timer) clearTimeout(timer)
      await looking
    },
  }
}
