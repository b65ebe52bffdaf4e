import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import pino from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { connect } from '../../db/client.ts'
import type { LogEvent } from '../events.ts'
import { createMetrics } from '../observe/metrics.ts'
import { createEffects, effectsOf, noting } from '../testing/effects.ts'
import {
  createPerson,
  startLogInstance,
  until,
  write,
  type LogInstance,
} from '../testing/log-fixture.ts'
import { transactionsEnded } from '../testing/quiet-database.ts'
import { createTestDatabase, type TestDatabase } from '../testing/test-db.ts'
import { appendEvents, lockStreams } from './append.ts'
import { replay, stateOf, type DeadLetter } from './dead-letter.ts'
import type { EventHandlers } from './event-handler.ts'
import { createJointLook } from './joint-look.ts'
import { runHandlers, type Reactions } from './run-handlers.ts'
import { takePlace, takeTurn } from './take-turn.ts'

let database: TestDatabase
let instance: LogInstance
let streams: string[]
beforeAll(async () => {
  database = await createTestDatabase()
  instance = await startLogInstance(database.url)
  await createEffects(database.db)
  streams = []
  for (const name of ['one', 'two']) streams.push(await createPerson(instance, name))
})
afterAll(async () => {
  await instance.close()
  await database.close()
})

let name: string
const running: Reactions[] = []
beforeEach(() => {
  name = `test-${crypto.randomUUID()}`
})
afterEach(async () => {
  for (const reactions of running.splice(0)) await reactions.close()
})

const log = pino({ level: 'silent' })
function run(handlers: EventHandlers, db = database.db): Reactions {
  const looks = createJointLook(db)
  const reactions = runHandlers({ db, handlers, log, metrics: createMetrics(), looks })
  running.push({
    ...reactions,
    async close() {
      await looks.close()
      await reactions.close()
    },
  })
  return reactions
}

const letters = (): Promise<DeadLetter[]> =>
  database.db
    .selectFrom('deadLetters')
    .selectAll()
    .where('handler', '=', name)
    .orderBy('at')
    .execute()

async function waitFor(done: () => Promise<boolean>, what: string): Promise<void> {
  for (const deadline = Date.now() + 12_000; !(await done()); await sleep(25))
    if (Date.now() > deadline) throw new Error(`not in time: ${what}`)
}
const handled = async () => (await effectsOf(database.db, name)).length

test('what was committed while nobody ran is handled once somebody does, and what was before the handler is not', async () => {
  const [one = ''] = streams
  await write(instance, [one])
  await transactionsEnded(database.db)
  await takePlace(database.db, name)
  const [seq = 0] = await write(instance, [one])
  run({ [name]: noting(name) })
  await waitFor(async () => (await handled()) > 0, 'the effect')
  expect(await effectsOf(database.db, name)).toEqual([{ stream: one, seq }])
})

test('what is committed is handled within two seconds, whoever committed it', async () => {
  const [one = ''] = streams
  run({ [name]: noting(name) })
  await waitFor(hasPlace, 'the place')
  for (const count of [1, 2, 3]) {
    const started = performance.now()
    await write(instance, [one])
    await waitFor(async () => (await handled()) === count, 'the effect')
    expect(performance.now() - started).toBeLessThan(2_200)
  }
})

test('what somebody waits for is handled at once where it was committed, also what comes while a turn is under way', async () => {
  const [one = '', two = ''] = streams
  const hurried: string[] = []
  const slowly = noting(name, () => sleep(150))
  const reactions = run({
    [name]: {
      ...slowly,
      hurries({ stream }) {
        hurried.push(stream)
        return stream === one
      },
    },
  })
  await waitFor(hasPlace, 'the place')
  const committed = async (stream: string) => {
    const [seq = 0] = await write(instance, [stream])
    reactions.hear([moved(stream, seq)])
  }
  const times: number[] = []
  for (let count = 2; count <= 10; count += 2) {
    const started = performance.now()
    await committed(one)
    await sleep(100)
    await committed(one)
    await waitFor(async () => (await handled()) === count, 'both effects')
    times.push(performance.now() - started)
  }
  // With the looks alone it would be more than a second, on average.
  expect(times.sort((a, b) => a - b)[2]).toBeLessThan(900)
  await committed(two)
  expect(hurried).toEqual([...Array.from({ length: 10 }, () => one), two])
})

const moved = (stream: string, seq: number): LogEvent => ({
  stream,
  seq,
  type: 'read-position.moved',
  version: 1,
  at: new Date().toISOString(),
  actorId: null,
  payload: { threadId: stream, seq: 1 },
})

const hasPlace = async () =>
  (await database.db.selectFrom('eventHandlers').select('name').where('name', '=', name).execute())
    .length > 0

test('an event that always fails is tried five times and set aside; all others take effect, also those after it', async () => {
  const [one = '', two = ''] = streams
  let bad = 0
  let tries = 0
  await takePlace(database.db, name)
  const seqs: number[] = []
  for (let i = 0; i < 5; i++) seqs.push(...(await write(instance, [one])))
  await write(instance, [two])
  bad = seqs[1] ?? 0
  run({
    [name]: noting(name, ({ stream, seq }) => {
      if (stream !== one || seq !== bad) return
      tries++
      throw new Error('no,\nnever')
    }),
  })
  await waitFor(async () => (await handled()) === 5, 'the others')
  await waitFor(async () => (await letters())[0]?.retryAt === null, 'the end of trying')
  await sleep(2_000)
  expect(tries).toBe(5)
  const [letter] = await letters()
  expect(letter).toMatchObject({ streamId: one, seq: bad, attempts: 5, reason: 'Error: no, never' })
  const ones = (await effectsOf(database.db, name)).filter(({ stream }) => stream === one)
  expect(ones.map(({ seq }) => seq)).toEqual(seqs.filter((seq) => seq !== bad))

  // Mended: replayed once, while an instance runs.
  const mended = { [name]: noting(name) }
  const outcomes = await Promise.all(
    [1, 2, 3].map(() => replay(database.db, mended, letter?.id ?? '')),
  )
  expect(outcomes.sort()).toEqual(['applied', 'applied-before', 'applied-before'])
  expect(
    (await effectsOf(database.db, name)).filter(({ seq, stream }) => stream === one && seq === bad),
  ).toHaveLength(1)
})

test('a failure that passes is got over without anybody', async () => {
  const [one = ''] = streams
  let failures = 3
  await takePlace(database.db, name)
  await write(instance, [one])
  run({
    [name]: noting(name, () => {
      if (failures-- > 0) throw new Error('not yet')
    }),
  })
  await waitFor(async () => (await handled()) === 1, 'the effect')
  expect((await letters()).map(stateOf)).toEqual(['applied'])
})

test.each([
  ['an unknown type', { type: 'goose.flown' }, /unknown type "goose.flown"/],
  ['a newer version', { version: 2 }, /version 2 of read-position.moved is newer/],
  [
    'another payload',
    { payload: '{"threadId": 7}' },
    /payload is not that of read-position.moved: threadId/,
  ],
  ['a payload that is no object', { payload: '"quack"' }, /payload/],
  [
    'two megabytes that fit nowhere',
    { payload: JSON.stringify({ seq: 'x'.repeat(2_000_000) }) },
    /payload/,
  ],
])('%s is set aside at once with the reason, and the stream goes on', async (_, change, reason) => {
  const [one = ''] = streams
  await takePlace(database.db, name)
  const poisoned = await poison(one, change)
  const [seq = 0] = await write(instance, [one])
  const handlers = { [name]: noting(name) }
  run(handlers)
  await waitFor(async () => (await handled()) === 1, 'the one after it')
  expect(await effectsOf(database.db, name)).toEqual([{ stream: one, seq }])
  const [letter] = await letters()
  expect(letter).toMatchObject({ seq: poisoned, attempts: 1, retryAt: null })
  expect(letter?.reason).toMatch(reason)
  expect(letter?.reason.length).toBeLessThan(600)
  // This code still cannot.
  expect(await replay(database.db, handlers, letter?.id ?? '')).toEqual({ failed: letter?.reason })
})

/** Writes an event as no code of ours would. */
async function poison(
  stream: string,
  {
    type = 'read-position.moved',
    version = 1,
    payload = '{}',
  }: { type?: string; version?: number; payload?: string },
): Promise<number> {
  const { rows } = await sql<{ seq: number }>`
    with grown as (update streams set head = head + 1 where id = ${stream} returning id, head)
    insert into events (stream_id, seq, type, version, payload)
    select id, head, ${type}, ${version}::int, ${payload}::jsonb from grown returning seq`.execute(
    database.db,
  )
  return rows[0]?.seq ?? 0
}

test('an instance that is frozen in the middle loses its lease, and what it does when it thaws has no effect', async () => {
  const [one = ''] = streams
  await takePlace(database.db, name)
  await write(instance, [one])
  const { db } = connect({ url: database.url, maxConnections: 2 })
  let thaw = () => {}
  const frozen = new Promise<void>((resolve) => {
    thaw = resolve
  })
  let reached = false
  const slow = takeTurn(
    db,
    {
      [name]: noting(name, async () => {
        reached = true
        await frozen
      }),
    },
    name,
    10,
  )
  slow.catch(() => undefined)
  await until(() => reached, 3_000, 'the middle')
  // Meanwhile nobody else may.
  expect(await takeTurn(database.db, { [name]: noting(name) }, name, 10)).toBeNull()
  run({ [name]: noting(name) })
  await waitFor(async () => (await handled()) === 1, 'the effect by another')
  thaw()
  await expect(slow).rejects.toThrow()
  await db.destroy()
  expect(await handled()).toBe(1)
})

test('the place moves on past what does not concern the handler', async () => {
  const [one = ''] = streams
  await takePlace(database.db, name)
  const placeOf = async () =>
    (
      await database.db
        .selectFrom('eventHandlers')
        .select('horizon')
        .where('name', '=', name)
        .executeTakeFirstOrThrow()
    ).horizon
  const from = await placeOf()
  const skipping = { ...noting(name), skips: sql<boolean>`events.type = 'read-position.moved'` }
  await instance.commit(async (trx) => {
    await lockStreams(trx, [one])
    const draft = {
      stream: one,
      type: 'read-position.moved' as const,
      actorId: null,
      payload: { threadId: one, seq: 1 },
    }
    await appendEvents(
      trx,
      Array.from({ length: 250 }, () => draft),
    )
  })
  run({ [name]: skipping })
  await waitFor(async () => (await placeOf()) !== from, 'the place has moved')
  expect(await handled()).toBe(0)
})
