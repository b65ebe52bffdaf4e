import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { AppError } from '../errors.ts'
import {
  createPerson,
  startLogInstance,
  until,
  upTo,
  type LogInstance,
} from '../testing/log-fixture.ts'
import { createTestDatabase, type TestDatabase } from '../testing/test-db.ts'
import { appendEvents, lockStreams } from './append.ts'
import type { Commit, Trx } from './commit.ts'
import { createGroupCommit, type GroupCommit, type GroupCommitOptions } from './group-commit.ts'

let database: TestDatabase
let instance: LogInstance
/** Lanes of the tests: streams of people. */
let streams: string[]
beforeEach(async () => {
  database = await createTestDatabase()
  instance = await startLogInstance(database.url)
  streams = []
  for (const handle of ['ada', 'ben', 'cleo']) streams.push(await createPerson(instance, handle))
})
afterEach(async () => {
  await instance.close()
  await database.close()
})

interface Note {
  stream: string
  /** Stands in the event, so that it can be found again. */
  mark: number
  refused?: boolean
  poisoned?: boolean
}

const stream = (place = 0) => streams[place] ?? ''

/** Writes an event for each note; answers with its number. */
async function writeNotes(
  trx: Trx,
  notes: readonly Note[],
  lockTimeout?: number,
): Promise<(number | AppError)[]> {
  if (lockTimeout !== undefined)
    await sql`set local lock_timeout = ${sql.lit(lockTimeout)}`.execute(trx)
  await lockStreams(
    trx,
    notes.map((note) => note.stream),
  )
  if (notes.some(({ poisoned }) => poisoned)) await sql`select 1 / 0`.execute(trx)
  const written = notes.filter(({ refused }) => !refused)
  const events = await appendEvents(
    trx,
    written.map((note) => ({
      stream: note.stream,
      type: 'read-position.moved',
      actorId: null,
      payload: { threadId: note.stream, seq: note.mark },
    })),
  )
  return notes.map((note) =>
    note.refused ? new AppError('NOT_ALLOWED', 'no') : (events[written.indexOf(note)]?.seq ?? 0),
  )
}

interface Counted {
  group: GroupCommit<Note, number>
  /** How many notes went together, transaction by transaction. */
  sizes: number[]
  /** Whether that note ever went with others. */
  wentAlone: (mark: number) => boolean
}

function open(
  options: Partial<GroupCommitOptions<Note, number>> = {},
  commit: Commit = instance.commit,
): Counted {
  const sizes: number[] = []
  const together: number[][] = []
  const group = createGroupCommit<Note, number>({
    commit,
    work: (trx, notes, lockTimeout) => {
      sizes.push(notes.length)
      together.push(notes.map(({ mark }) => mark))
      return writeNotes(trx, notes, lockTimeout)
    },
    laneOf: (note) => note.stream,
    ...options,
  })
  const wentAlone = (mark: number) =>
    together.every((marks) => marks.length === 1 || !marks.includes(mark))
  return { group, sizes, wentAlone }
}

/** The marks in a stream's log, in order. */
async function marksOf(id: string): Promise<number[]> {
  const rows = await database.db
    .selectFrom('events')
    .select('payload')
    .where('streamId', '=', id)
    .where('type', '=', 'read-position.moved')
    .orderBy('seq')
    .execute()
  return rows.map(({ payload }) => Number(payload.seq))
}

/** Holds a stream's lock until told otherwise. */
async function hold(id: string): Promise<() => Promise<void>> {
  let release = () => {}
  const released = new Promise<void>((resolve) => (release = resolve))
  let held = false
  const holding = instance.commit(async (trx) => {
    await lockStreams(trx, [id])
    held = true
    await released
  })
  await until(() => held, 5_000, 'the lock is held')
  return () => {
    release()
    return holding
  }
}

const reasonOf = async (outcome: Promise<unknown>) =>
  outcome.then(
    () => null,
    (error: unknown) => (error instanceof AppError ? error.reason : String(error)),
  )

test('what comes while a commit is under way goes together in the next, at most so many', async () => {
  const { group, sizes } = open({ most: 20 })
  const release = await hold(stream())
  const first = group.add({ stream: stream(), mark: 1 })
  await until(() => sizes.length === 1, 5_000, 'the first is under way')
  const others = upTo(49, 2).map((mark) => group.add({ stream: stream(mark % 3), mark }))
  await release()
  expect(await first).toBe(1)
  await Promise.all(others)
  expect(sizes).toEqual([1, 20, 20, 8])
  // Numbers and marks rise together: everything is in the order in which it came.
  for (const id of streams) {
    const marks = await marksOf(id)
    expect(marks).toEqual([...marks].sort((a, b) => a - b))
  }
})

test('after a batch that says that much is going on, the next one gathers', async () => {
  const { group, sizes } = open({ gatherFor: 500 })
  await Promise.all(upTo(8).map((mark) => group.add({ stream: stream(), mark })))
  const first = group.add({ stream: stream(), mark: 9 })
  await sleep(20)
  await Promise.all([first, group.add({ stream: stream(), mark: 10 })])
  expect(sizes).toEqual([8, 2])
  // That was quiet again: who is alone does not wait for company.
  const began = performance.now()
  await group.add({ stream: stream(), mark: 11 })
  expect(performance.now() - began).toBeLessThan(400)
})

test('after a crowded batch the next one gathers for twice as long', async () => {
  const { group, sizes } = open({ gatherFor: 300 })
  await Promise.all(upTo(64).map((mark) => group.add({ stream: stream(), mark })))
  const first = group.add({ stream: stream(), mark: 65 })
  await sleep(450)
  await Promise.all([first, group.add({ stream: stream(), mark: 66 })])
  expect(sizes).toEqual([64, 2])
})

test('what is refused is refused alone, and leaves no hole', async () => {
  const { group, sizes } = open()
  const outcomes = upTo(9).map((mark) =>
    group.add({ stream: stream(), mark, refused: mark % 3 === 0 }),
  )
  const settled = await Promise.allSettled(outcomes)
  expect(settled.map((outcome) => ('value' in outcome ? outcome.value : null))).toEqual([
    1,
    2,
    null,
    3,
    4,
    null,
    5,
    6,
    null,
  ])
  expect(sizes).toEqual([9])
  expect(await marksOf(stream())).toEqual([1, 2, 4, 5, 7, 8])
})

test('what makes Postgres raise fails alone; the others are done, once and in order', async () => {
  const { group } = open()
  const outcomes = upTo(30).map((mark) =>
    group.add({ stream: stream(mark % 3), mark, poisoned: mark === 10 }),
  )
  await expect(outcomes[9]).rejects.toThrow(/division by zero/)
  const later = upTo(36, 31).map((mark) => group.add({ stream: stream(mark % 3), mark }))
  await Promise.allSettled([...outcomes, ...later])
  for (const [place, id] of streams.entries())
    expect(await marksOf(id)).toEqual(upTo(36).filter((mark) => mark % 3 === place && mark !== 10))
})

describe('when COMMIT fails', () => {
  test('nobody is told that it was done, and nothing was', async () => {
    await sql`create function refuse() returns trigger language plpgsql as
      $$ begin raise exception 'no room'; end $$`.execute(database.db)
    await sql`create constraint trigger refuse after insert on events
      deferrable initially deferred for each row execute function refuse()`.execute(database.db)
    const { group } = open()
    const outcomes = upTo(12).map((mark) => reasonOf(group.add({ stream: stream(mark % 3), mark })))
    for (const outcome of await Promise.all(outcomes)) expect(outcome).toMatch(/no room/)
    for (const id of streams) expect(await marksOf(id)).toEqual([])
    await sql`drop trigger refuse on events`.execute(database.db)
    expect(await group.add({ stream: stream(), mark: 1 })).toBe(1)
  })

  test('for want of a database, all of the batch fail at once and are not tried one by one', async () => {
    const { group, sizes } = open({
      work: async (trx, notes) => {
        sizes.push(notes.length)
        const outcomes = await writeNotes(trx, notes)
        await sql`select pg_terminate_backend(pg_backend_pid())`.execute(trx)
        return outcomes
      },
    })
    const outcomes = upTo(12).map((mark) => group.add({ stream: stream(mark % 3), mark }))
    const settled = await Promise.allSettled(outcomes)
    expect(settled.every(({ status }) => status === 'rejected')).toBe(true)
    expect(sizes).toEqual([12])
    for (const id of streams) expect(await marksOf(id)).toEqual([])
  })
})

test('a stream that somebody else holds keeps only its own waiting, and in order', async () => {
  const { group, sizes, wentAlone } = open({ lockTimeout: 100 })
  const release = await hold(stream(0))
  const started = Date.now()
  const done: number[] = []
  const add = (mark: number) =>
    group.add({ stream: stream(mark % 3), mark }).then(() => void done.push(mark))
  const held = [3, 6, 9].map(add)
  const free = [1, 2, 4, 5].map(add)
  await until(() => sizes.length === 1, 5_000, 'they are under way')
  held.push(add(12))
  // Held up only until the batch has had enough of waiting for the lock.
  await Promise.all(free)
  expect(Date.now() - started).toBeLessThan(1_300)
  // Now that its stream is set aside, nobody else waits for it at all.
  held.push(add(15))
  await Promise.all([add(7), add(8)])
  expect(done.sort()).toEqual([1, 2, 4, 5, 7, 8])
  await release()
  await Promise.all(held)
  expect(wentAlone(12) && wentAlone(15)).toBe(true)
  expect(await marksOf(stream(0))).toEqual([3, 6, 9, 12, 15])
})

describe('when too much is asked', () => {
  test('what is beyond the bound is refused as BUSY at once, and never done', async () => {
    const { group } = open({ mostWaiting: 10 })
    const outcomes = upTo(14).map((mark) => reasonOf(group.add({ stream: stream(), mark })))
    expect(await Promise.all(outcomes)).toEqual([
      ...(Array(10).fill(null) as null[]),
      ...(Array(4).fill('BUSY') as string[]),
    ])
    expect(await marksOf(stream())).toEqual(upTo(10))
    // There is room again.
    expect(await group.add({ stream: stream(), mark: 11 })).toBe(11)
    await expect(
      Promise.all(upTo(11).map((mark) => group.add({ stream: stream(), mark }))),
    ).rejects.toMatchObject({ reason: 'BUSY', retryAfter: 1 })
  })

  test('what waited too long without being begun is refused as BUSY, and never done', async () => {
    const { group, sizes } = open({ patience: 200 })
    const release = await hold(stream())
    const begun = group.add({ stream: stream(), mark: 1 })
    await until(() => sizes.length === 1, 5_000, 'the first is under way')
    const late = await Promise.all(
      [2, 3].map((mark) => reasonOf(group.add({ stream: stream(1), mark }))),
    )
    expect(late).toEqual(['BUSY', 'BUSY'])
    await release()
    expect(await begun).toBe(1)
    await group.add({ stream: stream(1), mark: 4 })
    expect(await marksOf(stream(1))).toEqual([4])
  })

  test('what was set aside and waited too long is refused, although nothing else comes', async () => {
    const { group } = open({ patience: 200, lockTimeout: 100 })
    const release = await hold(stream())
    const [begun, ...later] = [1, 2, 3].map((mark) => group.add({ stream: stream(), mark }))
    expect(await Promise.all(later.map(reasonOf))).toEqual(['BUSY', 'BUSY'])
    await release()
    expect(await begun).toBe(1)
    expect(await marksOf(stream())).toEqual([1])
  })
})

test('closing waits for what was taken, and takes no more', async () => {
  const { group } = open({ most: 3 })
  const outcomes = upTo(10).map((mark) => group.add({ stream: stream(), mark }))
  const closing = group.close()
  expect(await reasonOf(group.add({ stream: stream(), mark: 11 }))).toBe('STOPPING')
  await closing
  expect(await marksOf(stream())).toEqual(upTo(10))
  expect(await Promise.all(outcomes)).toEqual(upTo(10))
})
