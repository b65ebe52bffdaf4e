import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createCallPace } from './call-pace.ts'
import { TokenBucket } from './token-bucket.ts'

test('a bucket gives its burst at once, then says how long to wait, and fills again', async () => {
  const bucket = new TokenBucket(4, 10)
  for (let i = 0; i < 10; i++) expect(bucket.take()).toBe(0)
  expect(bucket.take()).toBeGreaterThan(0)
  expect(bucket.take()).toBeLessThanOrEqual(0.25)
  await sleep(600)
  expect([bucket.take(), bucket.take()]).toEqual([0, 0])
})

test('a rest of any length saves up no more than the burst', async () => {
  const bucket = new TokenBucket(1_000, 2)
  await sleep(50)
  expect(bucket.isFull).toBe(true)
  expect([bucket.take(), bucket.take()]).toEqual([0, 0])
})

test('people who rest take no memory', async () => {
  const pace = createCallPace(1_000_000)
  for (let i = 0; i < 20_000; i++) {
    pace.take(`person ${i}`)
    if (i % 1_000 === 0) await sleep(1)
  }
  expect(pace.people).toBeLessThan(3_000)
})
