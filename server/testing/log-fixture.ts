/** A small world for tests of the log alone: rows as the verbs would write them, without the verbs. */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Kysely } from 'kysely'
import pino from 'pino'
import { createMemoryBus } from '../bus/memory-bus.ts'
import type { Bus } from '../bus/bus.ts'
import type { LogEvent } from '../events.ts'
import { threadAccess } from '../features/events/thread-access.ts'
import type { Access } from '../log/access.ts'
import { appendEvent, createStream, lockStreams } from '../log/append.ts'
import { createCommit, type Commit, type Trx } from '../log/commit.ts'
import { loadEpoch } from '../log/epoch.ts'
import { createFactSource, type FactSource } from '../log/fact-source.ts'
import { FactStream } from '../log/fact-stream.ts'
import { createHub, type Hub } from '../log/hub.ts'
import { createJointLook } from '../log/joint-look.ts'
import { createMetrics } from '../observe/metrics.ts'
import { connect } from '../../db/client.ts'
import type { Database } from '../../db/schema.ts'

/** An instance as far as the log is concerned: a pool, a hub, a way to commit. */
export interface LogInstance {
  db: Kysely<Database>
  commit: Commit
  hub: Hub
  epoch: string
  close: () => Promise<void>
  /** @param access threads' own, unless a test looks at a race inside it. */
  follow: (userId: string, cursor?: string, access?: Access) => Following
}

/** A reader's connection, with all it was given. */
export interface Following {
  items: { cursor: string; events: LogEvent[] }[]
  events: LogEvent[]
  /** When each of the events came, as Date.now(). */
  arrivals: number[]
  /** Of the newest item. */
  cursor: () => string | undefined
  /** Resolves when everything missed was read. */
  ready: Promise<void>
  failures: Error[]
  /** What the reader pretends not to have taken yet, bytes. */
  backlog: number
  /** Writing to it fails. */
  broken: boolean
  close: () => void
}

export async function startLogInstance(
  url: string,
  options: { bus?: Bus; sweepEvery?: number; pool?: number } = {},
): Promise<LogInstance> {
  const connections = options.pool ?? 10
  const { db } = connect({ url, maxConnections: connections })
  const bus = options.bus ?? createMemoryBus()
  const log = pino({ level: 'silent' })
  const metrics = createMetrics()
  const server = await loadEpoch(db)
  const { epoch } = server
  const looks = createJointLook(db, options.sweepEvery)
  const hub = createHub({
    db,
    bus,
    log,
    metrics,
    takesBack: (event) => threadAccess.takesBack(event),
    looks,
  })
  await hub.start()
  const sources = new Map<Access, FactSource>()
  const sourceOf = (access: Access) => {
    const source =
      sources.get(access) ?? createFactSource({ db, hub, metrics, access, server, connections })
    sources.set(access, source)
    return source
  }
  return {
    db,
    commit: createCommit(db, (events) => hub.announce(events)),
    hub,
    epoch,
    follow(userId, cursor, access = threadAccess) {
      const following: Following = {
        items: [],
        events: [],
        arrivals: [],
        cursor: () => following.items.at(-1)?.cursor,
        ready: Promise.resolve(),
        failures: [],
        backlog: 0,
        broken: false,
        close: () => stream.close(),
      }
      const stream = new FactStream({
        source: sourceOf(access),
        userId,
        cursor,
        endedBy: () => null,
        sink: {
          backlog: () => following.backlog,
          writeFacts(_id, given, carried) {
            if (following.broken) throw new Error('a broken sink')
            const events = carried.map(({ json }) => JSON.parse(json) as LogEvent)
            following.items.push({ cursor: given, events })
            following.events.push(...events)
            following.arrivals.push(...events.map(() => Date.now()))
          },
          failFacts: (_id, error) => following.failures.push(error),
        },
        id: 0,
      })
      following.ready = stream.start()
      return following
    },
    async close() {
      await looks.close()
      await hub.close()
      await bus.close()
      await db.destroy()
    },
  }
}

/** A person with a stream, as a sign-up leaves them. */
export function createPerson({ commit }: LogInstance, handle: string): Promise<string> {
  return commit(async (trx) => {
    const id = await createStream(trx, 'user')
    await trx.insertInto('users').values({ id, name: handle, handle }).execute()
    return id
  })
}

/** A private thread with these people in it; the first one made it. */
export function createThread({ commit }: LogInstance, people: readonly string[]): Promise<string> {
  return commit(async (trx) => {
    const [owner] = people
    if (owner === undefined) throw new Error('a thread needs someone')
    await lockStreams(trx, people)
    const id = await createStream(trx, 'thread')
    await trx
      .insertInto('threads')
      .values({ id, kind: 'private', title: 'A thread', createdBy: owner, clientId: randomUUID() })
      .execute()
    for (const userId of people) await admit(trx, id, userId)
    return id
  })
}

/** Lets a person in. Both streams are locked by the caller. */
export async function admit(trx: Trx, threadId: string, userId: string): Promise<void> {
  const joinedAt = new Date().toISOString()
  const person = { id: userId, kind: 'person' as const, name: 'Someone', handle: 'someone' }
  const { seq } = await appendEvent(trx, threadId, 'participant.joined', userId, {
    participant: { threadId, person, role: 'member', joinedAt },
  })
  await trx
    .insertInto('participants')
    .values({ threadId, userId, role: 'member', joinedSeq: seq })
    .onConflict((c) =>
      c.columns(['threadId', 'userId']).doUpdateSet({ joinedSeq: seq, leftSeq: null }),
    )
    .execute()
  const thread = {
    id: threadId,
    kind: 'private' as const,
    title: 'A thread',
    topic: '',
    parentMessageId: null,
    createdBy: userId,
    createdAt: joinedAt,
    archivedAt: null,
  }
  await appendEvent(trx, userId, 'participation.started', userId, { thread, joinedSeq: seq })
}

/** Lets a person out. */
export function release(
  { commit }: LogInstance,
  threadId: string,
  userId: string,
): Promise<number> {
  return commit(async (trx) => {
    await lockStreams(trx, [threadId, userId])
    const { seq } = await appendEvent(trx, threadId, 'participant.left', userId, {
      threadId,
      userId,
    })
    await trx
      .updateTable('participants')
      .set({ leftSeq: seq })
      .where('threadId', '=', threadId)
      .where('userId', '=', userId)
      .execute()
    await appendEvent(trx, userId, 'participation.ended', userId, { threadId, leftSeq: seq })
    return seq
  })
}

/** Writes a small event to each of the streams; `delay` holds the transaction open between its steps. */
export function write(
  { commit }: LogInstance,
  streams: readonly string[],
  options: {
    beforeLock?: (trx: Trx) => Promise<unknown>
    beforeCommit?: () => Promise<unknown>
  } = {},
): Promise<number[]> {
  return commit(async (trx) => {
    await options.beforeLock?.(trx)
    await lockStreams(trx, streams)
    const seqs: number[] = []
    for (const stream of streams) {
      const event = await appendEvent(trx, stream, 'read-position.moved', null, {
        threadId: stream,
        seq: 0,
      })
      seqs.push(event.seq)
    }
    await options.beforeCommit?.()
    return seqs
  })
}

/** Waits until `done` is true. @throws when it is not after `ms`. */
export async function until(done: () => boolean, ms: number, what: string): Promise<number> {
  const started = Date.now()
  while (!done()) {
    if (Date.now() - started > ms) throw new Error(`not within ${ms} ms: ${what}`)
    await sleep(5)
  }
  return Date.now() - started
}

/** The numbers of one stream as they were given, repeats and all. */
export function raw(following: Following, stream: string): number[] {
  return following.events.filter((event) => event.stream === stream).map((event) => event.seq)
}

/** The numbers seen of one stream, repeats dropped, in the order of their first coming. */
export function seqsOf(events: readonly LogEvent[], stream: string): number[] {
  return [...new Set(events.filter((event) => event.stream === stream).map((event) => event.seq))]
}

/** 1, 2, … n */
export function upTo(n: number, from = 1): number[] {
  return Array.from({ length: Math.max(0, n - from + 1) }, (_, i) => from + i)
}
