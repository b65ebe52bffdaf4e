import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createEmptyTestApp, type EmptyTestApp } from './testing/test-app.ts'

let app: EmptyTestApp
beforeAll(async () => {
  app = await createEmptyTestApp()
})
afterAll(() => app.close())

test('a call that the database keeps waiting is answered in time, without a claim about what it changed', async () => {
  const since = performance.now()
  const slow = sql`select pg_sleep(3)`.execute(app.services.db)
  await expect(app.services.answerInTime(slow, { since, changes: true })).rejects.toMatchObject({
    reason: 'BUSY',
    retryAfter: 2,
    message: expect.stringMatching(/not known.*same clientId/) as string,
  })
  expect(performance.now() - since).toBeLessThan(2_400)
  await slow
})

test('the time that went by before counts', async () => {
  const slow = sql`select pg_sleep(2)`.execute(app.services.db)
  const started = performance.now()
  const call = { since: started - 1_000, changes: false }
  await expect(app.services.answerInTime(slow, call)).rejects.toMatchObject({ reason: 'BUSY' })
  expect(performance.now() - started).toBeLessThan(1_500)
  await slow
})

test('what takes its time for another reason is waited for', async () => {
  const call = { since: performance.now(), changes: true }
  expect(await app.services.answerInTime(sleep(2_500, 'done'), call)).toBe('done')
})

test('a call that came earlier is not kept waiting by the clock of a later one', async () => {
  // That of the calls before has run out.
  await sleep(200)
  const started = performance.now()
  const later = app.services.answerInTime(sleep(2_000, 'done'), { since: started, changes: false })
  const slow = sql`select pg_sleep(2)`.execute(app.services.db)
  const earlier = { since: started - 1_000, changes: false }
  await expect(app.services.answerInTime(slow, earlier)).rejects.toMatchObject({ reason: 'BUSY' })
  expect(performance.now() - started).toBeLessThan(1_500)
  // The database is in trouble when its turn comes, too.
  await expect(later).rejects.toMatchObject({ reason: 'BUSY' })
  expect(performance.now() - started).toBeGreaterThan(1_600)
  await slow
})
