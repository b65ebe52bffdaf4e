import { expect, test } from 'vitest'
import { carry } from './carried-event.ts'
import { RecentEvents } from './recent-events.ts'

const stream = '018f0000-0000-7000-8000-000000000001'
const event = (seq: number, json = 'x'.repeat(100)) =>
  carry(
    {
      stream,
      seq,
      type: 'session.ended',
      version: 1,
      at: '',
      actorId: null,
      payload: { sessionId: stream },
    },
    json,
  )
const seqs = (events: readonly { seq: number }[] | null) => events?.map(({ seq }) => seq)

test('what came after a seq is there as long as nothing of it was dropped', () => {
  const recent = new RecentEvents({ left: 1_000_000 })
  expect(recent.after(0)).toBe(null)
  for (let seq = 5; seq <= 8; seq++) recent.add(event(seq))
  expect(seqs(recent.after(4))).toEqual([5, 6, 7, 8])
  expect(seqs(recent.after(6))).toEqual([7, 8])
  expect(seqs(recent.after(8))).toEqual([])
  expect(recent.after(3)).toBe(null)
})

test('the oldest go first, by number and by bytes, and the budget is given back', () => {
  const budget = { left: 1_000_000 }
  const recent = new RecentEvents(budget)
  for (let seq = 1; seq <= 150; seq++) {
    recent.add(event(seq))
    expect(recent.after(Math.max(0, seq - 101))).toEqual(seq > 100 ? null : expect.anything())
    expect(recent.after(Math.max(0, seq - 75))).toHaveLength(Math.min(seq, 75))
  }
  expect(budget.left).toBe(1_000_000 - 98 * 100)
  recent.add(event(151, 'y'.repeat(60_000)))
  expect(recent.after(90)).toBe(null)
  expect(seqs(recent.after(150))).toEqual([151])
  expect(budget.left).toBeGreaterThanOrEqual(1_000_000 - 64 * 1024)
  expect(budget.left).toBeLessThan(1_000_000 - 60_000)
  recent.clear()
  expect(budget.left).toBe(1_000_000)
  expect(recent.after(151)).toBe(null)
})

test('a stream keeps nothing rather than more than all streams may have together', () => {
  const budget = { left: 250 }
  const one = new RecentEvents(budget)
  one.add(event(1))
  one.add(event(2))
  const other = new RecentEvents(budget)
  other.add(event(7))
  expect(other.after(6)).toBe(null)
  expect(seqs(one.after(0))).toEqual([1, 2])
})

test('an event that rests is its text, and is taken apart again when somebody asks', () => {
  const whole = carry(event(7).event)
  const before = whole.event
  whole.rest()
  expect(whole.event).not.toBe(before)
  expect(whole.event).toEqual(before)
})
