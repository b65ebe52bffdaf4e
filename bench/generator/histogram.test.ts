import { expect, test } from 'vitest'
import { Histogram } from './histogram.ts'

test('the percentile is what so many were no slower than', () => {
  const histogram = new Histogram()
  for (let ms = 1; ms <= 100; ms++) histogram.add(ms)
  expect(histogram.percentile(0.5)).toBe(50)
  expect(histogram.percentile(0.99)).toBe(99)
  expect(histogram.percentile(1)).toBe(100)
})

test('one slow among a hundred is not in the 99th, two are', () => {
  const one = new Histogram()
  const two = new Histogram()
  for (let i = 0; i < 99; i++) one.add(1)
  one.add(900)
  for (let i = 0; i < 98; i++) two.add(1)
  two.add(900)
  two.add(901)
  expect(one.percentile(0.99)).toBe(1)
  expect(two.percentile(0.99)).toBe(900)
})

test('nothing has no percentile, and a very long time is a minute', () => {
  const histogram = new Histogram()
  expect(histogram.percentile(0.5)).toBeNaN()
  histogram.add(1e9)
  expect(histogram.percentile(0.5)).toBe(60_000)
})
