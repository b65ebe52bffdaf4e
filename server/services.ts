import type { Kysely } from 'kysely'
import type pg from 'pg'
import type { Logger } from 'pino'
import type { Database } from '../db/schema.ts'
import { connect } from '../db/client.ts'
import type { HangGuard } from '../db/hang-guard.ts'
import { createAnswerInTime, type AnswerInTime } from './answer-in-time.ts'
import type { Bus } from './bus/bus.ts'
import { createMemoryBus } from './bus/memory-bus.ts'
import { connectNatsBus } from './bus/nats-bus.ts'
import { createCallPace, type CallPace } from './call-pace.ts'
import type { Env } from './env.ts'
import { createAccounts, type Accounts } from './features/accounts/create-accounts.ts'
import { threadAccess } from './features/events/thread-access.ts'
import { createPostbox, type Postbox } from './features/messages/create-postbox.ts'
import { createPageReader, type ReadPage } from './features/messages/create-page-reader.ts'
import { createPresence, type Presence } from './features/presence/create-presence.ts'
import { createCommit, type Commit } from './log/commit.ts'
import { handlers } from './events.ts'
import { loadEpoch } from './log/epoch.ts'
import { createFactSource, type FactSource } from './log/fact-source.ts'
import { watchHistory } from './log/history-watch.ts'
import { createHub, type Hub } from './log/hub.ts'
import { createJointLook } from './log/joint-look.ts'
import { runHandlers } from './log/run-handlers.ts'
import { watchEventLoop, type EventLoopWatch } from './observe/event-loop-lag.ts'
import { createLogger } from './observe/logger.ts'
import { createMetrics, type Metrics } from './observe/metrics.ts'

/** Everything a request may use. Made once per process (or per test), closed once. */
export interface Services {
  env: Env
  log: Logger
  metrics: Metrics
  eventLoop: EventLoopWatch
  db: Kysely<Database>
  pool: pg.Pool
  /** Whether the database's connections look as if nobody were there. */
  guard: HangGuard
  /** Waits for work on the database, but not for longer than anyone should. */
  answerInTime: AnswerInTime
  bus: Bus
  hub: Hub
  /** Where everyone who follows facts on this instance reads them. */
  facts: FactSource
  commit: Commit
  postbox: Postbox
  /** Pages of messages, those that are asked for at the same time together. */
  readPage: ReadPage
  accounts: Accounts
  /** How much each person may call. */
  pace: CallPace
  presence: Presence
  /** This deployment: the stream of what concerns everyone, and the epoch of its history. */
  server: { streamId: string; epoch: string }
  /** Waits for what is under way and releases all that was opened. */
  close(): Promise<void>
}

/** Tests bring their own bus or logger; nothing else can be replaced. */
export interface ServiceOverrides {
  bus?: Bus
  log?: Logger
}

/**
 * Opens the database (which must be migrated), the bus and the hub.
 * @param databaseUrl the Postgres to use: env.DATABASE_URL, or the embedded one's.
 */
export async function createServices(
  env: Env,
  databaseUrl: string,
  overrides: ServiceOverrides = {},
): Promise<Services> {
  const log = overrides.log ?? createLogger(env)
  const metrics = createMetrics()
  let closing = false
  const { db, pool, guard } = connect({
    url: databaseUrl,
    pooler: env.DATABASE_POOLER,
    maxConnections: env.DATABASE_POOL,
    // On the way out an embedded Postgres may stop before it has read our goodbyes: nothing failed then.
    onIdleError: (error) =>
      log[closing ? 'debug' : 'warn']({ err: error }, 'an idle database connection failed'),
    onHang: (error) => log.error({ err: error }, 'the database hangs'),
  })
  const epoch = await loadEpoch(db)
  const bus =
    overrides.bus ?? (env.NATS_URL === '' ? createMemoryBus() : connectNatsBus(env.NATS_URL, log))
  const looks = createJointLook(db)
  const hub = createHub({
    db,
    bus,
    log,
    metrics,
    looks,
    takesBack: (event) => threadAccess.takesBack(event),
  })
  const facts = createFactSource({
    ...{ db, hub, metrics, access: threadAccess, server: epoch },
    connections: env.DATABASE_POOL,
  })
  const reactions = runHandlers({ db, handlers, log, metrics, looks })
  const commit = createCommit(db, (events) => {
    hub.announce(events)
    reactions.hear(events)
  })
  const postbox = createPostbox(commit)
  const accounts = createAccounts(db, env)
  const presence = createPresence({ db, bus, hub, log, metrics })
  const eventLoop = watchEventLoop((lateSeconds) => metrics.eventLoopLag.observe(lateSeconds))
  metrics.atScrape(() => {
    metrics.poolOpen.set(pool.totalCount)
    metrics.poolInUse.set(pool.totalCount - pool.idleCount)
    metrics.poolWaiting.set(pool.waitingCount)
    metrics.natsConnected.set(bus.connected ? 1 : 0)
  })
  await hub.start()
  await reactions.ready
  const history = watchHistory({
    db,
    pool,
    log,
    server: epoch,
    looks,
    onRewritten: (renewed) =>
      hub.renew(() => {
        epoch.epoch = renewed
      }),
  })

  return {
    env,
    log,
    metrics,
    eventLoop,
    db,
    pool,
    guard,
    answerInTime: createAnswerInTime({ pool, guard }),
    bus,
    hub,
    facts,
    commit,
    postbox,
    readPage: createPageReader(db),
    accounts,
    pace: createCallPace(env.CALLS_PER_SECOND),
    presence,
    server: epoch,
    async close() {
      closing = true
      eventLoop.close()
      presence.close()
      await postbox.close()
      await looks.close()
      await reactions.close()
      await history.close()
      await hub.close()
      await bus.close()
      await db.destroy()
    },
  }
}
