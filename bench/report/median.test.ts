import { expect, test } from 'vitest'
import { figureOf } from './median.ts'
import { round, table } from './table.ts'

test('the median is the one in the middle, or between the two', () => {
  expect(figureOf([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3, runs: 3 })
  expect(figureOf([4, 1, 2, 3]).median).toBe(2.5)
})

test('nothing measured has no median', () => {
  expect(figureOf([NaN]).median).toBeNaN()
  expect(round(figureOf([]).median)).toBe('–')
})

test('figures are shown with three digits that count', () => {
  expect([132_960, 18_720, 352.4, 10.64, 0.857, 0].map(round)).toEqual([
    '133,000',
    '18,700',
    '352',
    '10.6',
    '0.86',
    '0',
  ])
})

test('a table is Markdown, each column as wide as its widest cell', () => {
  expect(table(['a', 'long'], [['wide', 'b']])).toBe(
    '| a    | long |\n| ---- | ---- |\n| wide | b    |',
  )
})
