import { describe, expect, it } from 'vitest'
import { minutesAhead, statusUntil } from './status-until.ts'

// A Saturday, 10:15 in Lisbon and London, 19:15 in Tokyo, 23:15 in Auckland.
const saturday = new Date('2026-11-21T10:15:00.000Z')

describe('a status that is set now', () => {
  it('stays when no end was chosen', () => {
    expect(statusUntil('never', saturday, 'Europe/Lisbon')).toBeNull()
  })

  it('ends after the minutes that were chosen', () => {
    expect(statusUntil('half-hour', saturday, 'UTC')).toBe('2026-11-21T10:45:00.000Z')
    expect(statusUntil('hour', saturday, 'UTC')).toBe('2026-11-21T11:15:00.000Z')
    expect(statusUntil('four-hours', saturday, 'UTC')).toBe('2026-11-21T14:15:00.000Z')
  })

  it.each([
    ['Europe/Lisbon', '2026-11-22T00:00:00.000Z'],
    ['Asia/Tokyo', '2026-11-21T15:00:00.000Z'],
    ['America/Los_Angeles', '2026-11-22T08:00:00.000Z'],
    ['Asia/Kathmandu', '2026-11-21T18:15:00.000Z'],
    ['Pacific/Auckland', '2026-11-21T11:00:00.000Z'],
  ])('for today ends at midnight in %s', (zone, end) => {
    expect(statusUntil('today', saturday, zone)).toBe(end)
  })

  it('for today ends at the right midnight when the calendar there is a day ahead', () => {
    const evening = new Date('2026-11-21T20:00:00.000Z')
    expect(statusUntil('today', evening, 'Asia/Tokyo')).toBe('2026-11-22T15:00:00.000Z')
  })

  it('for this week ends when Sunday does', () => {
    expect(statusUntil('week', saturday, 'UTC')).toBe('2026-11-23T00:00:00.000Z')
    expect(statusUntil('week', new Date('2026-11-22T10:00:00Z'), 'UTC')).toBe(
      '2026-11-23T00:00:00.000Z',
    )
    expect(statusUntil('week', new Date('2026-11-23T10:00:00Z'), 'UTC')).toBe(
      '2026-11-30T00:00:00.000Z',
    )
  })

  it('ends at midnight on a day on which the clocks change', () => {
    // New York falls back on 1 November 2026 at 2:00.
    expect(statusUntil('today', new Date('2026-10-31T20:00:00Z'), 'America/New_York')).toBe(
      '2026-11-01T04:00:00.000Z',
    )
    expect(statusUntil('today', new Date('2026-11-01T20:00:00Z'), 'America/New_York')).toBe(
      '2026-11-02T05:00:00.000Z',
    )
  })

  it('ends with the year', () => {
    expect(statusUntil('today', new Date('2026-12-31T12:00:00Z'), 'UTC')).toBe(
      '2027-01-01T00:00:00.000Z',
    )
  })
})

describe('how far another zone is ahead', () => {
  it('counts in minutes, also where zones differ by quarters of an hour', () => {
    expect(minutesAhead(saturday, 'Asia/Kathmandu', 'UTC')).toBe(345)
    expect(minutesAhead(saturday, 'America/New_York', 'Europe/Lisbon')).toBe(-300)
    expect(minutesAhead(saturday, 'Europe/London', 'Europe/Lisbon')).toBe(0)
  })
})
