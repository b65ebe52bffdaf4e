import { NavLink } from '@remix-run/react'
import { clsx } from 'clsx'
import { memo, useMemo } from 'react'
import type { MyThread } from '../../../server/features/threads/threads.schema.ts'
import { paths } from '~/lib/paths.ts'
import { strings } from '~/lib/strings.ts'
import { Badge } from '~/ui/badge.tsx'
import { usePresence } from '../presence/use-presence.ts'
import { useLive, useSession } from '../shell/session-context.tsx'
import { ThreadIcon } from './thread-icon.tsx'
import { othersIn, threadName } from './thread-name.ts'
import { groupThreads } from './thread-order.ts'

/** All of my threads: bold where something is unread, a number only where somebody means me. */
export function ThreadList() {
  const { viewer } = useSession()
  const threads = useLive((live) => live.threads)
  const { named, direct } = useMemo(() => groupThreads(threads, viewer.id), [threads, viewer.id])
  return (
    <div className="flex flex-col gap-5 px-2 pb-4">
      <Group title={strings.threads.threads} threads={named} viewerId={viewer.id} />
      <Group title={strings.threads.direct} threads={direct} viewerId={viewer.id} />
      {named.length + direct.length === 0 ? (
        <p className="px-3 text-sm text-ink-soft">{strings.threads.noThreadsText}</p>
      ) : null}
    </div>
  )
}

interface GroupProps {
  title: string
  threads: readonly MyThread[]
  viewerId: string
}

function Group({ title, threads, viewerId }: GroupProps) {
  if (threads.length === 0) return null
  return (
    <section aria-label={title}>
      <h2 className="px-3 pb-1 text-xs font-semibold text-ink-faint" aria-hidden="true">
        {title}
      </h2>
      <ul className="flex flex-col gap-px">
        {threads.map((thread) => (
          <ThreadLink key={thread.id} thread={thread} viewerId={viewerId} />
        ))}
      </ul>
    </section>
  )
}

const ThreadLink = memo(function ThreadLink({
  thread,
  viewerId,
}: {
  thread: MyThread
  viewerId: string
}) {
  const name = threadName(thread, viewerId)
  const { unread, mentions, kind } = thread
  const others = othersIn(thread, viewerId)
  const presence = usePresence(others.length === 1 ? others[0]?.id : undefined)
  const counted = kind === 'direct' ? unread : mentions
  return (
    <li>
      <NavLink
        to={paths.thread(thread.id)}
        data-thread-link={thread.id}
        data-unread={unread > 0 || undefined}
        aria-label={strings.threads.rowName(name, unread, mentions, presence?.text ?? null)}
        className={({ isActive }) =>
          clsx(
            'group flex min-h-11 items-center gap-2.5 rounded-md px-3 text-sm -outline-offset-2 transition-colors md:min-h-8.5',
            isActive
              ? 'bg-accent-wash font-semibold text-accent-ink'
              : unread > 0
                ? 'font-bold text-ink hover:bg-hover'
                : 'text-ink-soft hover:bg-hover hover:text-ink',
          )
        }
      >
        <span className="flex w-5 shrink-0 justify-center">
          <ThreadIcon thread={thread} viewerId={viewerId} className="opacity-75" />
        </span>
        <span className="min-w-0 flex-1 truncate" dir="auto">
          {name}
        </span>
        {counted > 0 ? <Badge tone="count">{counted > 99 ? '99+' : counted}</Badge> : null}
      </NavLink>
    </li>
  )
})
