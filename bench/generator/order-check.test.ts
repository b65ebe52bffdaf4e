import { expect, test } from 'vitest'
import { OrderCheck } from './order-check.ts'

function take(...numbers: number[]): OrderCheck {
  const check = new OrderCheck()
  for (const number of numbers) check.take(number)
  return check
}

test('messages in the order of their numbers are neither lost, doubled nor out of order', () => {
  const check = take(0, 1, 2, 3)
  expect([check.lost(4), check.doubled, check.outOfOrder]).toEqual([0, 0, 0])
})

test('a message after a later one is out of order, and not lost', () => {
  const check = take(0, 3, 1, 2)
  expect([check.lost(4), check.doubled, check.outOfOrder]).toEqual([0, 0, 2])
})

test('a message that comes again is doubled, early or late', () => {
  const check = take(0, 0, 2, 1, 1, 2)
  expect([check.lost(3), check.doubled, check.outOfOrder]).toEqual([0, 3, 1])
})

test('what never came is lost, in the middle and at the end', () => {
  expect(take(0, 2).lost(5)).toBe(3)
  expect(take().lost(2)).toBe(2)
})

test('who joins late misses nothing from before', () => {
  const check = new OrderCheck(7)
  expect(check.take(7)).toBe(true)
  expect(check.lost(8)).toBe(0)
})
