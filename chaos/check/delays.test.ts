import { expect, test } from 'vitest'
import { deliveriesOf, percentile, timeToHave } from './delays.ts'
import type { ClientRecord, History } from './history.ts'

const history: History = {
  serverStream: 'server',
  facts: [
    { stream: 'thread', seq: 1, content: 'before', at: 50 },
    { stream: 'thread', seq: 2, content: 'one', at: 100 },
    { stream: 'thread', seq: 3, content: 'two', at: 200 },
  ],
  stays: [{ stream: 'thread', userId: 'ben', from: 1, to: null }],
  messages: [],
}

const fact = { connection: 1, stream: 'thread' }
const ben: ClientRecord = {
  name: 'ben/1',
  userId: 'ben',
  since: new Map([['thread', 1]]),
  sights: [
    { ...fact, seq: 2, content: 'one', at: 130 },
    { ...fact, seq: 2, content: 'one', at: 900, connection: 2 },
    { ...fact, seq: 3, content: 'two', at: 260, connection: 2 },
  ],
}

test('a delivery takes from the commit until it was first seen; what was not asked for does not count', () => {
  expect(deliveriesOf(history, [ben])).toEqual([
    { committedAt: 100, delay: 30 },
    { committedAt: 200, delay: 60 },
  ])
})

test('the time to have everything that was committed by a moment', () => {
  expect(timeToHave(ben, history, { from: 120, until: 150 })).toBe(10)
  expect(timeToHave(ben, history, { from: 120, until: 300 })).toBe(140)
  expect(timeToHave(ben, history, { from: 500, until: 300 })).toBe(0)
})

test('never, when something never came', () => {
  const deaf = { ...ben, sights: [] }
  expect(timeToHave(deaf, history, { from: 120, until: 300 })).toBe(Infinity)
})

test('percentiles are values that were measured; of nothing there is none', () => {
  const values = Array.from({ length: 100 }, (_, index) => 100 - index)
  expect(percentile(values, 0.99)).toBe(99)
  expect(percentile(values, 1)).toBe(100)
  expect(percentile([], 0.5)).toBeNaN()
})
