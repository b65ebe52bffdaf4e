import { expect, test } from 'vitest'
import { Random } from './random.ts'

const draw = (random: Random) => Array.from({ length: 20 }, () => random.next())

test('the same seed draws the same, another one does not', () => {
  expect(draw(new Random('7'))).toEqual(draw(new Random('7')))
  expect(draw(new Random('7'))).not.toEqual(draw(new Random('8')))
})

test('what one purpose draws does not disturb another', () => {
  const random = new Random('7')
  const before = draw(random.fork('kills'))
  draw(random)
  expect(draw(random.fork('kills'))).toEqual(before)
  expect(draw(random.fork('cuts'))).not.toEqual(before)
})

test('draws are spread over the whole range', () => {
  const random = new Random('7')
  const draws = Array.from({ length: 2_000 }, () => random.between(10, 20))
  for (let low = 10; low < 20; low++)
    expect(draws.filter((draw) => draw >= low && draw < low + 1).length).toBeGreaterThan(120)
})

test('a shuffle keeps everything, and nothing is no choice', () => {
  const random = new Random('7')
  const things = [1, 2, 3, 4, 5, 6]
  expect(random.shuffle(things)).not.toEqual(things)
  expect(random.shuffle(things).sort()).toEqual(things)
  expect(() => random.pick([])).toThrow(RangeError)
})
