import { Link } from '@remix-run/react'
import { ArrowLeft, SlidersHorizontal } from 'lucide-react'
import type { MyThread } from '../../../server/features/threads/threads.schema.ts'
import { paths } from '~/lib/paths.ts'
import { strings } from '~/lib/strings.ts'
import { Tooltip } from '~/ui/tooltip.tsx'
import { usePresence } from '../presence/use-presence.ts'
import { ThreadIcon } from './thread-icon.tsx'
import { othersIn } from './thread-name.ts'

export interface ThreadHeaderProps {
  thread: MyThread
  name: string
  viewerId: string
}

const squareClass =
  'inline-flex size-9 shrink-0 items-center justify-center rounded-md text-ink-soft hover:bg-hover hover:text-ink'

/** What thread this is, what it is about, and the way to its people and settings. */
export function ThreadHeader({ thread, name, viewerId }: ThreadHeaderProps) {
  const text = strings.threads
  const others = othersIn(thread, viewerId)
  const presence = usePresence(others.length === 1 ? others[0]?.id : undefined)
  const about = thread.topic || presence?.text
  return (
    <header className="flex h-14 shrink-0 items-center gap-2 border-b border-line ps-2 pe-2 md:ps-5">
      <Link to={paths.threads} aria-label={text.back} className={`${squareClass} md:hidden`}>
        <ArrowLeft aria-hidden="true" className="size-5 rtl:-scale-x-100" />
      </Link>
      <span className="flex w-5 shrink-0 justify-center text-ink-faint">
        <ThreadIcon thread={thread} viewerId={viewerId} className="size-4.5" />
      </span>
      <div className="flex min-w-0 flex-1 flex-col sm:flex-row sm:items-baseline sm:gap-3">
        <h1
          className="truncate font-display text-lg leading-6 font-semibold tracking-tight"
          dir="auto"
        >
          {name}
        </h1>
        {about ? (
          <p
            className="min-w-0 truncate text-xs text-ink-faint sm:flex-1 sm:text-sm"
            dir="auto"
            title={thread.topic || undefined}
          >
            {about}
          </p>
        ) : null}
      </div>
      <Tooltip text={text.participants} side="bottom">
        <Link
          to={paths.threadDetails(thread.id)}
          aria-label={text.participants}
          className={squareClass}
        >
          <SlidersHorizontal aria-hidden="true" className="size-4.5" />
        </Link>
      </Tooltip>
    </header>
  )
}
