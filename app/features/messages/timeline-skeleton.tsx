import { strings } from '~/lib/strings.ts'
import { Skeleton } from '~/ui/skeleton.tsx'

const widths = ['w-2/3', 'w-1/2', 'w-3/4', 'w-1/3', 'w-3/5']

/** The place of messages that are on their way. */
export function TimelineSkeleton() {
  return (
    <div
      role="status"
      className="flex min-h-0 flex-1 flex-col justify-end gap-5 overflow-hidden px-5 pb-4"
    >
      <span className="sr-only">{strings.messages.loading}</span>
      {widths.map((width) => (
        <div key={width} className="flex gap-3">
          <Skeleton className="size-9" />
          <div className="flex flex-1 flex-col gap-2 pt-1">
            <Skeleton className="h-3 w-28" />
            <Skeleton className={`h-3 ${width}`} />
          </div>
        </div>
      ))}
    </div>
  )
}
