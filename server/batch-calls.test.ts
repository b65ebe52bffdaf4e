import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { batchCalls, type BatchLimits } from './batch-calls.ts'

/** Doubles numbers, and remembers what came together. */
function doubling(limits: BatchLimits, ms = 20) {
  const batches: number[][] = []
  let underWay = 0
  let highest = 0
  const call = batchCalls(async (inputs: readonly number[]) => {
    batches.push([...inputs])
    highest = Math.max(highest, ++underWay)
    await sleep(ms)
    underWay--
    if (inputs.includes(13)) throw new Error('unlucky')
    return inputs.map((input) => input * 2)
  }, limits)
  return { call, batches, highest: () => highest }
}

test('calls of one turn go together, and everyone gets the answer to their own', async () => {
  const { call, batches } = doubling({ most: 100, atOnce: 1 })
  expect(await Promise.all([1, 2, 3].map(call))).toEqual([2, 4, 6])
  expect(batches).toEqual([[1, 2, 3]])
})

test('a call that comes while one is under way is answered by work that began after it', async () => {
  const { call, batches } = doubling({ most: 100, atOnce: 1 })
  const first = call(1)
  await sleep(5)
  const later = [call(2), call(3)]
  expect(await Promise.all([first, ...later])).toEqual([2, 4, 6])
  expect(batches).toEqual([[1], [2, 3]])
})

test('who comes alone does not wait, and who trickle in after others go together', async () => {
  const { call, batches } = doubling({ most: 3, atOnce: 2, apart: 1_000 }, 1)
  const started = performance.now()
  expect(await call(1)).toBe(2)
  expect(performance.now() - started).toBeLessThan(900)
  const trickling = []
  for (const input of [2, 3]) {
    trickling.push(call(input))
    await sleep(8)
  }
  await Promise.all(trickling)
  expect(performance.now() - started).toBeGreaterThan(950)
  expect(batches).toEqual([[1], [2, 3]])
  // A full batch has no one to wait for.
  const full = performance.now()
  await Promise.all([4, 5, 6].map(call))
  expect(performance.now() - full).toBeLessThan(900)
})

test('a batch is never larger than allowed, and no more are under way than allowed', async () => {
  const { call, batches, highest } = doubling({ most: 10, atOnce: 2 })
  const inputs = Array.from({ length: 45 }, (_, i) => 100 + i)
  expect(await Promise.all(inputs.map(call))).toEqual(inputs.map((input) => input * 2))
  expect(batches.map(({ length }) => length)).toEqual([10, 10, 10, 10, 5])
  expect(highest()).toBe(2)
})

test('what fails, fails for its own batch only', async () => {
  const { call } = doubling({ most: 2, atOnce: 1 })
  const outcomes = await Promise.allSettled([1, 13, 3].map(call))
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled'])
})

test('a call that waits behind others that are stuck is refused in time, and what was begun is not', async () => {
  let release = () => {}
  const stuck = new Promise<void>((resolve) => (release = resolve))
  const call = batchCalls(
    async (inputs: readonly number[]) => {
      await stuck
      return inputs
    },
    { most: 2, atOnce: 1, patience: 80 },
  )
  const begun = [call(1), call(2)]
  const began = performance.now()
  await expect(call(3)).rejects.toMatchObject({ reason: 'BUSY' })
  expect(performance.now() - began).toBeGreaterThanOrEqual(75)
  release()
  expect(await Promise.all(begun)).toEqual([1, 2])
  expect(await call(4)).toBe(4)
})
