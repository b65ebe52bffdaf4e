import { afterAll, beforeAll, expect, test } from 'vitest'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { createTestDatabase, type TestDatabase } from '../testing/test-db.ts'
import {
  createPerson,
  createThread,
  seqsOf,
  startLogInstance,
  upTo,
  write,
  type LogInstance,
} from '../testing/log-fixture.ts'
import { transactionsEnded } from '../testing/quiet-database.ts'
import type { LogEvent } from '../events.ts'
import { decodeCursor, encodeCursor } from './cursor.ts'

let database: TestDatabase
let instance: LogInstance

beforeAll(async () => {
  database = await createTestDatabase()
  instance = await startLogInstance(database.url, { pool: 90, sweepEvery: 100 })
})
afterAll(async () => {
  await instance.close()
  await database.close()
})

/** Opens so many connections to the database, a few at a time: nobody who needs one then waits for that. */
async function openConnections(count: number): Promise<void> {
  const held = []
  while (held.length < count) {
    const few = upTo(8).map(() => instance.db.startTransaction().execute())
    held.push(...(await Promise.all(few)))
  }
  for (const transaction of held) await transaction.rollback().execute()
}

/** Opens a connection from the cursor, takes what it gives until it has caught up, and hangs up. */
async function visit(
  userId: string,
  cursor: string | undefined,
): Promise<{ cursor: string; events: LogEvent[] }> {
  const following = instance.follow(userId, cursor)
  await following.ready
  following.close()
  const next = following.cursor()
  if (next === undefined) throw new Error('no cursor came')
  return { cursor: next, events: following.events }
}

test('readers that resume every 50 ms miss nothing while 64 writers commit in reverse order of their start', async () => {
  const reader = await createPerson(instance, 'reader')
  const threads = await Promise.all([1, 2, 3, 4].map(() => createThread(instance, [reader])))
  // For the writers, and who reads meanwhile.
  await openConnections(72)
  const seen: LogEvent[] = []
  let { cursor } = await visit(reader, undefined)
  const before = await database.db
    .selectFrom('streams')
    .select(['id', 'head'])
    .where('id', 'in', threads)
    .execute()
  let writing = true

  const reading = (async () => {
    for (let last = false; !last;) {
      last = !writing
      const visited = await visit(reader, cursor)
      cursor = visited.cursor
      seen.push(...visited.events)
      await sleep(50)
    }
  })()

  const rounds = 4
  for (let round = 0; round < rounds; round++) {
    const outcomes = await Promise.allSettled(
      upTo(64).map((place) =>
        write(instance, pick(threads, place + round), {
          // The transaction id is taken at the start; who started first locks and commits last, however long that takes.
          beforeLock: async (trx) => {
            await sql`set local lock_timeout = 0`.execute(trx)
            await sql`select pg_current_xact_id()`.execute(trx)
            await sleep(5 * (64 - place))
          },
          beforeCommit: async () => {
            await sleep(place % 7)
            if (place % 10 === 0) throw new Error('rolled back')
          },
        }),
      ),
    )
    const refused = outcomes.flatMap((outcome) =>
      outcome.status === 'rejected' ? [String(outcome.reason)] : [],
    )
    expect(refused).toEqual(upTo(6).map(() => 'Error: rolled back'))
  }
  writing = false
  await reading

  let events = 0
  for (const { id, head } of before) {
    const now = await database.db
      .selectFrom('streams')
      .select('head')
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    expect(now.head).toBeGreaterThan(head + 20)
    // What was committed shortly before the first cursor may come once more.
    expect(seqsOf(seen, id).filter((seq) => seq > head)).toEqual(upTo(now.head, head + 1))
    events += now.head - head
  }
  expect(events).toBe(rounds * (64 - 6) * 2)
}, 60_000)

/** Two threads for each writer, so that transactions lock several streams. */
function pick(threads: readonly string[], place: number): string[] {
  return [threads[place % threads.length], threads[(place + 1) % threads.length]].filter(
    (t) => t !== undefined,
  )
}

test('a cursor that was broken off in the middle of a long absence goes on where it was', async () => {
  const reader = await createPerson(instance, 'long-away')
  const threads = (await Promise.all([1, 2, 3].map(() => createThread(instance, [reader])))).sort()
  const [first, second, third] = threads as [string, string, string]
  const { cursor } = await visit(reader, undefined)
  for (let i = 0; i < 450; i++) await write(instance, [second])
  await write(instance, [first, third])

  const broken = instance.follow(reader, cursor)
  await broken.ready
  broken.close()
  // The first page of the long stream was taken, and the connection died.
  const place = broken.items.findIndex(({ events }) =>
    events.some((event) => event.stream === second),
  )
  const taken = broken.items.slice(0, place + 1)
  expect(taken.flatMap(({ events }) => seqsOf(events, second)).length).toBeLessThan(450)
  const middle = taken.at(-1)?.cursor
  expect(decodeCursor(middle ?? '', instance.epoch).reading).toMatchObject({ stream: second })

  // Meanwhile a stream that was already read goes on.
  await write(instance, [first])
  const rest = await visit(reader, middle)
  const all = [...taken.flatMap(({ events }) => events), ...rest.events]
  for (const stream of threads) {
    const { head } = await database.db
      .selectFrom('streams')
      .select('head')
      .where('id', '=', stream)
      .executeTakeFirstOrThrow()
    const numbers = seqsOf(all, stream)
    expect(numbers).toEqual(upTo(head, numbers[0]))
  }
  expect(seqsOf(all, second).filter((seq) => seq > 1)).toHaveLength(450)
  const last = Math.max(...taken.flatMap(({ events }) => seqsOf(events, second)))
  expect(seqsOf(rest.events, second)).toEqual(upTo(451, last + 1))
})

test('a cursor that is not ours, of another history, or from the future is refused by name', async () => {
  const reader = await createPerson(instance, 'stranger')
  const ours = await visit(reader, undefined)
  const { epoch, horizon } = decodeCursor(ours.cursor, instance.epoch)
  const refusal = (cursor: string) =>
    Promise.resolve()
      .then(() => visit(reader, cursor))
      .then(
        () => 'served',
        (error: unknown) => (error as { reason: string }).reason,
      )

  expect(await refusal(ours.cursor)).toBe('served')
  for (const nonsense of [
    '',
    'abc',
    '0',
    'null',
    Buffer.from(`${epoch}.99999999999999999999`).toString('base64url'),
    Buffer.from(`${epoch}.${2n ** 64n - 1n}`).toString('base64url'),
  ])
    expect(await refusal(nonsense)).toBe('CURSOR_UNKNOWN')
  expect(await refusal(encodeCursor({ epoch: crypto.randomUUID(), horizon }))).toBe('CURSOR_EPOCH')
  expect(
    await refusal(encodeCursor({ epoch, horizon: String(BigInt(horizon) + 1_000_000n) })),
  ).toBe('CURSOR_AHEAD')
})

test('a cursor is not ahead of the newest event, whatever else was committed: after a crash those ids are given again', async () => {
  const reader = await createPerson(instance, 'late')
  const thread = await createThread(instance, [reader])
  for (let i = 0; i < 20; i++)
    await database.db
      .updateTable('users')
      .set({ title: `${i}` })
      .where('id', '=', reader)
      .execute()
  await transactionsEnded(database.db)
  const { cursor } = await visit(reader, undefined)
  const { horizon, epoch } = decodeCursor(cursor, instance.epoch)
  const newest = await database.db
    .selectFrom('events')
    .select('xid')
    .orderBy('xid', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow()
  expect({ horizon, epoch }).toEqual({
    horizon: (BigInt(newest.xid) + 1n).toString(),
    epoch: instance.epoch,
  })
  // As an id that was free again: nothing between the newest event and it had been kept.
  const [seq = 0] = await write(instance, [thread])
  await sql`update events set xid = ${horizon}::xid8 where stream_id = ${thread} and seq = ${seq}`.execute(
    database.db,
  )
  expect(seqsOf((await visit(reader, cursor)).events, thread)).toEqual([seq])
})
