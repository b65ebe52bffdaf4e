import { useDateFormat } from './locale.tsx'

export interface TimestampProps {
  /** ISO 8601. */
  at: string
  /** What is written; the full date and time are always there on hover. Default `time`. */
  show?: 'time' | 'day' | 'date' | 'full'
  className?: string | undefined
}

const formats = {
  time: { timeStyle: 'short' },
  day: { weekday: 'long', day: 'numeric', month: 'long' },
  date: { day: 'numeric', month: 'short', year: 'numeric' },
  full: { dateStyle: 'full', timeStyle: 'short' },
} satisfies Record<string, Intl.DateTimeFormatOptions>

/** A moment, written for the person's language and time zone. */
export function Timestamp({ at, show = 'time', className }: TimestampProps) {
  const short = useDateFormat(formats[show])
  const full = useDateFormat(formats.full)
  const date = new Date(at)
  return (
    <time dateTime={at} title={full.format(date)} className={className}>
      {short.format(date)}
    </time>
  )
}
