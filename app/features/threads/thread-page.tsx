import { Link } from '@remix-run/react'
import { useEffect, useState } from 'react'
import { MessageCircle } from 'lucide-react'
import { ErrorFace } from '~/lib/error-page.tsx'
import { paths } from '~/lib/paths.ts'
import { strings } from '~/lib/strings.ts'
import { Banner } from '~/ui/banner.tsx'
import { Button } from '~/ui/button.tsx'
import { EmptyState } from '~/ui/empty-state.tsx'
import { useStore } from '~/lib/use-store.ts'
import { Announcer } from '../messages/announcer.tsx'
import { Composer } from '../messages/composer.tsx'
import { Timeline } from '../messages/timeline.tsx'
import { TimelineSkeleton } from '../messages/timeline-skeleton.tsx'
import { TypingLine } from '../presence/typing-line.tsx'
import { useLive, useSession } from '../shell/session-context.tsx'
import { ThreadHeader } from './thread-header.tsx'
import { threadName } from './thread-name.ts'
import { useDocumentTitle } from './use-document-title.ts'
import { useOpenThread } from './use-open-thread.ts'
import { useUnreadLine } from './use-unread-line.ts'

export interface ThreadPageProps {
  threadId: string
  messageId: string | null
  formClientId: string
  serverName: string
}

/** One thread: what it is, what was said, and where to say more. */
export function ThreadPage({ threadId, messageId, formClientId, serverName }: ThreadPageProps) {
  const session = useSession()
  const { viewer } = session
  const thread = useLive((live) => live.threads[threadId])
  const timeline = useLive((live) => live.timelines[threadId])
  const pending = useStore(session.outbox.pending, (all) => all)
  const { opening, retry } = useOpenThread(session, threadId, messageId)
  const line = useUnreadLine(session, threadId)
  const [editing, setEditing] = useState<string | null>(null)
  const [sends, setSends] = useState(0)
  const name = thread ? threadName(thread, viewer.id) : ''
  useDocumentTitle(
    thread ? strings.threads.documentTitle(name, serverName, thread.unread) : serverName,
  )
  // A stretch of the past is not what the next visit begins with.
  useEffect(() => () => session.forgetPast(threadId), [session, threadId])

  if (opening.type === 'missing') return <ErrorFace status={404} />
  if (!thread && opening.type === 'open') {
    const back = (
      <Button asChild>
        <Link to={paths.threads}>{strings.threads.back}</Link>
      </Button>
    )
    return (
      <EmptyState title={strings.threads.goneTitle} action={back}>
        {strings.threads.goneText}
      </EmptyState>
    )
  }

  const words = strings.messages
  const archived = Boolean(thread?.archivedAt)
  const empty =
    timeline?.messages.length === 0 && !pending.some((each) => each.threadId === threadId)
  const markRead = () => {
    line.clear()
    if (thread) session.markRead(threadId, thread.head)
  }
  const editLast = () => {
    const mine = timeline?.messages.findLast(
      (message) => message.author.id === viewer.id && message.deletedAt === null,
    )
    if (mine && !archived) setEditing(`mine-${mine.clientId}`)
  }

  return (
    <>
      {thread ? <ThreadHeader thread={thread} name={name} viewerId={viewer.id} /> : null}
      {opening.type === 'failed' ? (
        <div className="flex-1 p-4">
          <Banner
            tone="danger"
            role="alert"
            action={
              <Button size="sm" onClick={retry}>
                {words.retry}
              </Button>
            }
          >
            {words.loadFailed} {opening.why}
          </Banner>
        </div>
      ) : !thread || !timeline || (opening.type === 'opening' && messageId) ? (
        <TimelineSkeleton />
      ) : empty ? (
        <div className="flex flex-1 items-center">
          <EmptyState icon={<MessageCircle />} title={words.emptyTitle}>
            {archived ? words.emptyArchived : words.emptyText}
          </EmptyState>
        </div>
      ) : (
        <Timeline
          threadId={threadId}
          threadName={name}
          timeline={timeline}
          unread={thread.unread}
          unreadAfter={line.after}
          messageId={messageId}
          readOnly={archived}
          editing={editing}
          setEditing={setEditing}
          reading={line.reading}
          onMarkedUnread={line.setBack}
          onMarkRead={markRead}
          sends={sends}
        />
      )}
      <Announcer threadId={threadId} />
      <div className="shrink-0 px-3 pb-[max(0.5rem,env(safe-area-inset-bottom))] sm:px-5">
        {archived ? (
          <Banner className="mb-2">{strings.threads.archived}</Banner>
        ) : thread ? (
          <>
            <Composer
              threadId={threadId}
              threadName={name}
              formClientId={formClientId}
              onSent={() => setSends((count) => count + 1)}
              onEditLast={editLast}
            />
            <TypingLine threadId={threadId} />
          </>
        ) : null}
      </div>
    </>
  )
}
