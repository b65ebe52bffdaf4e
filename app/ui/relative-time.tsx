import { useEffect, useState } from 'react'
import { useDateFormat, useLocale } from './locale.tsx'

const units: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
]

/** "3 hours ago", kept true while it is on screen; beyond a week the date. Before hydration, the date. */
export function RelativeTime({ at, className }: { at: string; className?: string | undefined }) {
  const { language } = useLocale()
  const full = useDateFormat({ dateStyle: 'medium', timeStyle: 'short' })
  const date = useDateFormat({ dateStyle: 'medium' })
  const [now, setNow] = useState<number>()
  useEffect(() => {
    const tick = () => setNow(Date.now())
    tick()
    const timer = setInterval(tick, 30_000)
    return () => clearInterval(timer)
  }, [])
  return (
    <time dateTime={at} title={full.format(new Date(at))} className={className}>
      {(now !== undefined && relative(language, (Date.parse(at) - now) / 1000)) ||
        date.format(new Date(at))}
    </time>
  )
}

function relative(language: string, seconds: number): string | undefined {
  if (Math.abs(seconds) > 7 * 86_400) return undefined
  const format = new Intl.RelativeTimeFormat(language, { numeric: 'auto' })
  for (const [unit, size] of units) {
    if (Math.abs(seconds) >= size) return format.format(Math.round(seconds / size), unit)
  }
  return format.format(0, 'second')
}
