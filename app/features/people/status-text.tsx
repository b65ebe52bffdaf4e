import { clsx } from 'clsx'
import type { PersonStatus } from '../../../server/features/people/people.schema.ts'

/** What somebody is up to, as they wrote it. */
export function StatusText({ status, className }: { status: PersonStatus; className?: string }) {
  return (
    <span className={clsx('min-w-0 truncate', className)} dir="auto">
      {[status.emoji, status.text].filter(Boolean).join(' ')}
    </span>
  )
}
