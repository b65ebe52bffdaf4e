/** When a status is to clear itself. */
export const statusEnds = ['never', 'half-hour', 'hour', 'four-hours', 'today', 'week'] as const

export type StatusEnd = (typeof statusEnds)[number]

export function isStatusEnd(value: unknown): value is StatusEnd {
  return statusEnds.some((end) => end === value)
}

const minute = 60_000
const day = 24 * 60 * minute
const minutes: Partial<Record<StatusEnd, number>> = { 'half-hour': 30, hour: 60, 'four-hours': 240 }

/**
 * The moment at which a status set now ends, as ISO 8601; null for never. "Today" and "this week" end at midnight
 * where the person is; a week ends with Sunday.
 */
export function statusUntil(end: StatusEnd, now: Date, timeZone: string): string | null {
  if (end === 'never') return null
  const length = minutes[end]
  if (length !== undefined) return new Date(now.getTime() + length * minute).toISOString()
  const { year, month, date, weekday } = placeOf(now, timeZone)
  const daysLeft = end === 'today' ? 1 : 8 - weekday
  return midnight(year, month, date + daysLeft, timeZone).toISOString()
}

/** The calendar's day of a moment; the week begins with Monday, 1. */
function placeOf(at: Date, timeZone: string) {
  const wall = wallClock(at, timeZone)
  return {
    year: wall.getUTCFullYear(),
    month: wall.getUTCMonth(),
    date: wall.getUTCDate(),
    weekday: wall.getUTCDay() || 7,
  }
}

/** The moment at which a day begins there. Clocks that change that very night are met by looking a second time. */
function midnight(year: number, month: number, date: number, timeZone: string): Date {
  const wanted = Date.UTC(year, month, date)
  const guess = new Date(wanted - offsetOf(new Date(wanted), timeZone))
  const sure = new Date(wanted - offsetOf(guess, timeZone))
  return Math.abs(sure.getTime() - wanted) < day ? sure : guess
}

/** Minutes that one zone's clocks are ahead of another's at a moment. */
export function minutesAhead(at: Date, zone: string, ofZone: string): number {
  return Math.round((offsetOf(at, zone) - offsetOf(at, ofZone)) / minute)
}

function offsetOf(at: Date, timeZone: string): number {
  return wallClock(at, timeZone).getTime() - Math.floor(at.getTime() / 1_000) * 1_000
}

/** What a clock there shows, as if it stood in UTC. */
function wallClock(at: Date, timeZone: string): Date {
  const parts = new Intl.DateTimeFormat('en-u-hc-h23', {
    timeZone,
    calendar: 'gregory',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(at)
  const read = (type: Intl.DateTimeFormatPartTypes) =>
    Number(parts.find((part) => part.type === type)?.value ?? 0)
  return new Date(
    Date.UTC(
      read('year'),
      read('month') - 1,
      read('day'),
      read('hour'),
      read('minute'),
      read('second'),
    ),
  )
}
