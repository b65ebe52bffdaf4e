/** What a handler could not handle: tried again, set aside with the reason, replayed. */
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { effectsOf, noting } from '../testing/effects.ts'
import { handlersFixture, waitFor } from '../testing/handlers-fixture.ts'
import { write } from '../testing/log-fixture.ts'
import { replay, stateOf } from './dead-letter.ts'
import { takePlace } from './take-turn.ts'

const fixture = handlersFixture()
const { run, letters, handled } = fixture

test('an event that always fails is tried five times and set aside; all others take effect, also those after it', async () => {
  const { db, name, one, two } = fixture
  let bad = 0
  let tries = 0
  await takePlace(db, name)
  const seqs: number[] = []
  for (let i = 0; i < 5; i++) seqs.push(...(await write(fixture.instance, [one])))
  await write(fixture.instance, [two])
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
  const ones = (await effectsOf(db, name)).filter(({ stream }) => stream === one)
  expect(ones.map(({ seq }) => seq)).toEqual(seqs.filter((seq) => seq !== bad))

  // Mended: replayed once, while an instance runs.
  const mended = { [name]: noting(name) }
  const outcomes = await Promise.all([1, 2, 3].map(() => replay(db, mended, letter?.id ?? '')))
  expect(outcomes.sort()).toEqual(['applied', 'applied-before', 'applied-before'])
  expect(
    (await effectsOf(db, name)).filter(({ seq, stream }) => stream === one && seq === bad),
  ).toHaveLength(1)
})

test('a failure that passes is got over without anybody', async () => {
  const { db, name, one } = fixture
  let failures = 3
  await takePlace(db, name)
  await write(fixture.instance, [one])
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
  const { db, name, one } = fixture
  await takePlace(db, name)
  const poisoned = await poison(one, change)
  const [seq = 0] = await write(fixture.instance, [one])
  const handlers = { [name]: noting(name) }
  run(handlers)
  await waitFor(async () => (await handled()) === 1, 'the one after it')
  expect(await effectsOf(db, name)).toEqual([{ stream: one, seq }])
  const [letter] = await letters()
  expect(letter).toMatchObject({ seq: poisoned, attempts: 1, retryAt: null })
  expect(letter?.reason).toMatch(reason)
  expect(letter?.reason.length).toBeLessThan(600)
  // This code still cannot.
  expect(await replay(db, handlers, letter?.id ?? '')).toEqual({ failed: letter?.reason })
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
    fixture.db,
  )
  return rows[0]?.seq ?? 0
}
