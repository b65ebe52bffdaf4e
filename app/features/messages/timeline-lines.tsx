import { strings } from '~/lib/strings.ts'
import { Timestamp } from '~/ui/timestamp.tsx'

/** Where the reader's day begins. */
export function DayLine({ at }: { at: string }) {
  return (
    <li data-row className="flex items-center gap-3 px-5 pt-5 pb-1">
      <span className="h-px flex-1 bg-line" aria-hidden="true" />
      <h2 className="text-xs font-semibold text-ink-soft">
        <Timestamp at={at} show="day" />
      </h2>
      <span className="h-px flex-1 bg-line" aria-hidden="true" />
    </li>
  )
}

/** Where the reader left off. */
export function NewLine() {
  return (
    <li data-row data-new-line className="flex scroll-mt-24 items-center gap-3 px-5 pt-3">
      <span className="h-px flex-1 bg-bill" aria-hidden="true" />
      <span className="text-xs font-semibold text-bill-ink">{strings.messages.newMessages}</span>
    </li>
  )
}
