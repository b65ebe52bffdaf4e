import { useEffect, useState } from 'react'
import { strings } from '~/lib/strings.ts'
import { useLocale } from '~/ui/locale.tsx'
import { minutesAhead } from './status-until.ts'

export interface LocalTimeProps {
  timeZone: string
  /** When the server rendered this: both sides paint the same first. */
  servedAt: string
}

/** What time it is for somebody, and how far that is from here. */
export function LocalTime({ timeZone, servedAt }: LocalTimeProps) {
  const { language, timeZone: mine } = useLocale()
  const [now, setNow] = useState(() => new Date(servedAt))
  useEffect(() => {
    const tick = () => setNow(new Date())
    tick()
    const timer = setInterval(tick, 10_000)
    return () => clearInterval(timer)
  }, [])
  const ahead = minutesAhead(now, timeZone, mine)
  const { sameTime, hours } = strings.people.profile
  const clock = new Intl.DateTimeFormat(language, {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
  })
  return (
    <>
      <time dateTime={now.toISOString()} className="tabular-nums">
        {clock.format(now)}
      </time>
      <span className="text-ink-faint">
        {' · '}
        {timeZone.replaceAll('_', ' ')}
        {', '}
        {ahead === 0 ? sameTime : hours(ahead)}
      </span>
    </>
  )
}
