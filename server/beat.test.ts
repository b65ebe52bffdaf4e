import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { atBeats, atRestingBeats, restBeatMs, untilBeat } from './beat.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

test('beats are multiples of their length, and one that is all but there is left out', () => {
  expect(untilBeat(1_000, 5_300)).toBe(700)
  expect(untilBeat(1_000, 5_000)).toBe(1_000)
  expect(untilBeat(1_000, 5_900)).toBe(100)
  expect(untilBeat(1_000, 5_999.5)).toBe(1_000.5)
})

test('between two beats of an instance at rest there are less than two seconds, with time left for what is done then', () => {
  const waits = Array.from({ length: restBeatMs }, (_, now) => untilBeat(restBeatMs, now))
  expect(Math.max(...waits)).toBeLessThan(2_000 - 300)
})

test('beats of one length and of twice that fall together, whenever they were begun', () => {
  const short: number[] = []
  const long: number[] = []
  const stopShort = atBeats(100, () => short.push(performance.now()))
  vi.advanceTimersByTime(130)
  const stopLong = atBeats(200, () => long.push(performance.now()))
  vi.advanceTimersByTime(900)
  stopShort()
  stopLong()
  const beats = short.length
  vi.advanceTimersByTime(250)
  expect(short).toHaveLength(beats)
  expect(long.length).toBeGreaterThanOrEqual(4)
  expect(short).toEqual(expect.arrayContaining(long))
})

test('what is stirred comes at the next short beat, once, and what is not at the long ones', () => {
  vi.advanceTimersByTime(untilBeat(400) + 20)
  const beats: number[] = []
  const { stir, stop } = atRestingBeats({ soonMs: 40, restMs: 400 }, () =>
    beats.push(performance.now() % 400),
  )
  vi.advanceTimersByTime(120)
  expect(beats).toEqual([])
  stir()
  stir()
  vi.advanceTimersByTime(90)
  expect(beats).toEqual([160])
  vi.advanceTimersByTime(250)
  expect(beats).toEqual([160, 0])
  stir()
  stop()
  vi.advanceTimersByTime(100)
  expect(beats).toHaveLength(2)
})
