import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { connect } from '../../db/client.ts'
import { restBeatMs, untilBeat } from '../beat.ts'
import type { LogEvent } from '../events.ts'
import { effectsOf, noting } from '../testing/effects.ts'
import { handlersFixture, waitFor } from '../testing/handlers-fixture.ts'
import { until, write } from '../testing/log-fixture.ts'
import { strangersEnded, transactionsEnded } from '../testing/quiet-database.ts'
import { appendEvents, lockStreams } from './append.ts'
import { takePlace, takeTurn } from './take-turn.ts'

const fixture = handlersFixture()
const { run, handled } = fixture

test('what was committed while nobody ran is handled once somebody does, and what was before the handler is not', async () => {
  const { db, name, one } = fixture
  await write(fixture.instance, [one])
  await transactionsEnded(db)
  await takePlace(db, name)
  const [seq = 0] = await write(fixture.instance, [one])
  run({ [name]: noting(name) })
  await waitFor(async () => (await handled()) > 0, 'the effect')
  expect(await effectsOf(db, name)).toEqual([{ stream: one, seq }])
})

test('what is committed is handled within two seconds, whoever committed it', async () => {
  const { db, name, one } = fixture
  run({ [name]: noting(name) })
  await waitFor(hasPlace, 'the place')
  for (const count of [1, 2, 3]) {
    await write(fixture.instance, [one])
    await transactionsEnded(db)
    const started = performance.now()
    await waitFor(async () => (await handled()) === count, 'the effect')
    expect(performance.now() - started).toBeLessThan(2_200)
  }
})

test('what somebody waits for is handled at once where it was committed, also what comes while a turn is under way', async () => {
  const { db, name, one, two } = fixture
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
    const [seq = 0] = await write(fixture.instance, [stream])
    await strangersEnded(db)
    reactions.hear([moved(stream, seq)])
  }
  const times: number[] = []
  for (let count = 2; count <= 10; count += 2) {
    await sleep(untilBeat(restBeatMs) + 50)
    await strangersEnded(db)
    const started = performance.now()
    await committed(one)
    await sleep(100)
    await committed(one)
    await waitFor(async () => (await handled()) === count, 'both effects')
    times.push(performance.now() - started)
  }
  // Each begins shortly after a look: with the looks alone it would take as long as there is between two.
  expect(times.sort((a, b) => a - b)[2]).toBeLessThan(restBeatMs - 200)
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
  (
    await fixture.db
      .selectFrom('eventHandlers')
      .select('name')
      .where('name', '=', fixture.name)
      .execute()
  ).length > 0

test('an instance that is frozen in the middle loses its lease, and what it does when it thaws has no effect', async () => {
  const { db, name, one } = fixture
  await takePlace(db, name)
  await write(fixture.instance, [one])
  await transactionsEnded(db)
  const { db: own } = connect({ url: fixture.url, maxConnections: 2 })
  let thaw = () => {}
  const frozen = new Promise<void>((resolve) => {
    thaw = resolve
  })
  let reached = false
  const slow = takeTurn(
    own,
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
  expect(await takeTurn(db, { [name]: noting(name) }, name, 10)).toBeNull()
  run({ [name]: noting(name) })
  await waitFor(async () => (await handled()) === 1, 'the effect by another')
  thaw()
  await expect(slow).rejects.toThrow()
  await own.destroy()
  expect(await handled()).toBe(1)
})

test('the place moves on past what does not concern the handler', async () => {
  const { db, name, one } = fixture
  await takePlace(db, name)
  const placeOf = async () =>
    (
      await db
        .selectFrom('eventHandlers')
        .select('horizon')
        .where('name', '=', name)
        .executeTakeFirstOrThrow()
    ).horizon
  const from = await placeOf()
  const skipping = { ...noting(name), skips: sql<boolean>`events.type = 'read-position.moved'` }
  await fixture.instance.commit(async (trx) => {
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
