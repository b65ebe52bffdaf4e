import { expect, test } from 'vitest'
import { percentile } from './check/delays.ts'
import { Stage } from './fault.ts'
import { Random } from './random.ts'
import type { World } from './world.ts'

function judge(bound: (stage: Stage) => void): boolean | undefined {
  const stage = new Stage('any', {} as World, new Random('7'), false)
  bound(stage)
  return stage.bounds[0]?.holds
}

test('a bound holds up to and with its limit', () => {
  expect(judge((stage) => stage.atMost('it takes', 5, 5))).toBe(true)
  expect(judge((stage) => stage.atMost('it takes', 6, 5))).toBe(false)
  expect(judge((stage) => stage.atLeast('there are', 5, 5))).toBe(true)
  expect(judge((stage) => stage.atLeast('there are', 4, 5))).toBe(false)
  expect(judge((stage) => stage.exactly('there are', 4, 5))).toBe(false)
})

test('what was never measured holds no bound', () => {
  expect(judge((stage) => stage.atMost('the slowest', Math.max(), 5))).toBe(false)
  expect(judge((stage) => stage.atMost('p99', percentile([], 0.99), 5))).toBe(false)
  expect(judge((stage) => stage.atLeast('the least', Math.min(), 5))).toBe(false)
})
