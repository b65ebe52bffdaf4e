import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { atBeats, atRestingBeats, untilBeat } from './beat.ts'

test('beats are multiples of their length, and one that is all but there is left out', () => {
  expect(untilBeat(1_000, 5_300)).toBe(700)
  expect(untilBeat(1_000, 5_000)).toBe(1_000)
  expect(untilBeat(1_000, 5_900)).toBe(100)
  expect(untilBeat(1_000, 5_999.5)).toBe(1_000.5)
})

test('beats of one length and of twice that fall together, whenever they were begun', async () => {
  const short: number[] = []
  const long: number[] = []
  const stopShort = atBeats(100, () => short.push(performance.now()))
  await sleep(130)
  const stopLong = atBeats(200, () => long.push(performance.now()))
  await sleep(900)
  stopShort()
  stopLong()
  const beats = short.length
  await sleep(250)
  expect(short).toHaveLength(beats)
  expect(long.length).toBeGreaterThanOrEqual(3)
  for (const at of long)
    expect(Math.min(...short.map((other) => Math.abs(other - at)))).toBeLessThan(20)
})

test('what is stirred comes at the next short beat, once, and what is not at the long ones', async () => {
  await sleep(untilBeat(400) + 20)
  const beats: number[] = []
  const { stir, stop } = atRestingBeats({ soonMs: 40, restMs: 400 }, () =>
    beats.push(performance.now()),
  )
  await sleep(120)
  expect(beats).toHaveLength(0)
  stir()
  stir()
  await sleep(90)
  expect(beats).toHaveLength(1)
  await sleep(250)
  expect(beats).toHaveLength(2)
  stir()
  stop()
  await sleep(100)
  expect(beats).toHaveLength(2)
})
