import { lazy, Suspense, useCallback, useMemo, useRef, useState } from 'react'
import { ArrowDown } from 'lucide-react'
import type { Timeline as Loaded } from '../../../client/timeline.ts'
import { paths } from '~/lib/paths.ts'
import { strings } from '~/lib/strings.ts'
import { useStore } from '~/lib/use-store.ts'
import { useDateFormat, useLocale } from '~/ui/locale.tsx'
import { useSession, useViewer } from '../shell/session-context.tsx'
import { KeepInPlace } from './keep-in-place.tsx'
import { MessageItem } from './message-item.tsx'
import { PageEdge } from './page-edge.tsx'
import { DayLine, NewLine } from './timeline-lines.tsx'
import { timelineRows, type MessageRow } from './timeline-rows.ts'
import { useMarkRead } from './use-mark-read.ts'
import { useMessageActions } from './use-message-actions.ts'
import { usePaging } from './use-paging.ts'
import { useRovingRows } from './use-roving-rows.ts'
import { useTimelineScroll } from './use-timeline-scroll.ts'

const HistoryDialog = lazy(() => import('./history-dialog.tsx'))

export interface TimelineProps {
  threadId: string
  threadName: string
  timeline: Loaded
  unread: number
  /** The "new" line stands after this seq; null for none. */
  unreadAfter: number | null
  /** What a permalink leads to. */
  messageId: string | null
  readOnly: boolean
  /** Key of the row that is being edited. */
  editing: string | null
  setEditing: (key: string | null) => void
  /** Whether what is seen counts as read; not after "mark unread from here". */
  reading: boolean
  onMarkedUnread: (seq: number) => void
  onMarkRead: () => void
  /** Counts my own sends: each leads to the end. */
  sends: number
}

/** The conversation, laid out from its end. */
export function Timeline(props: TimelineProps) {
  const { threadId, threadName, timeline, unread, unreadAfter, editing } = props
  const { setEditing, onMarkedUnread } = props
  const session = useSession()
  const viewer = useViewer()
  const { timeZone } = useLocale()
  const clock = useDateFormat({ timeStyle: 'short' })
  const scroller = useRef<HTMLDivElement>(null)
  const [activeKey, setActiveKey] = useState<string | null>(null)
  const [tabKey, setTabKey] = useState<string | null>(null)
  const [historyOf, setHistoryOf] = useState<string | null>(null)

  const outbox = useStore(session.outbox.pending, (all) => all)
  const hidden = useStore(session.deletions.hidden, (ids) => ids)
  const rows = useMemo(
    () =>
      timelineRows({
        messages: timeline.messages.filter((message) => !hidden.has(message.id)),
        pending: timeline.hasNewer ? [] : outbox.filter((each) => each.threadId === threadId),
        viewer,
        timeZone,
        unreadAfter,
      }),
    [timeline, hidden, outbox, threadId, viewer, timeZone, unreadAfter],
  )
  const messageRows = rows.filter((row): row is MessageRow => row.type === 'message')
  const lastKey = messageRows.at(-1)?.key ?? null
  const tabStop = messageRows.some((row) => row.key === tabKey) ? tabKey : lastKey
  const firstNew = rows.find((row) => row.type === 'new')

  const actions = useMessageActions({
    threadId,
    setEditing,
    setHistory: setHistoryOf,
    onMarkedUnread,
  })
  const older = usePaging(session, threadId, scroller, 'older', timeline.hasOlder)
  const newer = usePaging(session, threadId, scroller, 'newer', timeline.hasNewer)
  useMarkRead(session, threadId, scroller, props.reading)
  const moved = useCallback((key: string) => {
    setTabKey(key)
    setActiveKey(key)
  }, [])
  const keys = useRovingRows(moved)
  const { away, highlighted, toEnd } = useTimelineScroll({ ...props, scroller })

  const touch = (target: EventTarget) => {
    const row = (target as HTMLElement).closest<HTMLElement>('[data-message]')
    if (row) setActiveKey(row.dataset['message'] ?? null)
  }
  const first = timeline.messages[0]
  const last = timeline.messages.at(-1)
  const words = strings.messages

  return (
    <div className="relative flex min-h-0 flex-1 flex-col" data-region="timeline">
      {unread > 0 && firstNew?.type === 'new' && away ? (
        // In the flow, so that it covers nothing; the list hangs from its end, so that nothing moves.
        <div className="fade-in flex shrink-0 items-center justify-between gap-2 bg-bill-wash ps-5 pe-2 text-sm font-semibold text-bill-ink [@media(max-height:420px)]:hidden">
          {words.newSince(unread, clock.format(new Date(firstNew.since)))}
          <button
            type="button"
            className="my-1 h-7 rounded-md px-2.5 underline underline-offset-2 hover:bg-black/5"
            onClick={props.onMarkRead}
          >
            {words.markRead}
          </button>
        </div>
      ) : null}
      <div
        ref={scroller}
        data-scroller
        className="flex min-h-0 flex-1 flex-col-reverse overflow-x-hidden overflow-y-auto overscroll-contain [overflow-anchor:none]"
        onPointerOver={(event) => {
          if (event.pointerType === 'mouse') touch(event.target)
        }}
        onClick={(event) => touch(event.target)}
        onFocus={(event) => touch(event.target)}
      >
        <KeepInPlace scroller={scroller} content={rows}>
          <div className="flex min-h-full flex-col justify-end pb-4">
            {timeline.hasOlder && first ? (
              <PageEdge
                paging={older}
                label={words.loadOlder}
                href={paths.message(threadId, first.id)}
              />
            ) : (
              <p className="px-5 pt-8 text-sm text-ink-faint">{words.beginning}</p>
            )}
            <ol aria-label={words.timeline(threadName)} onKeyDown={keys}>
              {rows.map((row) =>
                row.type === 'day' ? (
                  <DayLine key={row.key} at={row.at} />
                ) : row.type === 'new' ? (
                  <NewLine key={row.key} />
                ) : (
                  <MessageItem
                    key={row.key}
                    row={row}
                    viewer={viewer}
                    active={row.key === activeKey}
                    focusable={row.key === tabStop}
                    editing={row.key === editing}
                    highlighted={row.message !== null && row.message.id === highlighted}
                    readOnly={props.readOnly}
                    actions={actions}
                  />
                ),
              )}
            </ol>
            {timeline.hasNewer && last ? (
              <PageEdge
                paging={newer}
                label={words.loadNewer}
                href={paths.message(threadId, last.id)}
              />
            ) : null}
          </div>
        </KeepInPlace>
      </div>
      {away || timeline.hasNewer ? (
        <button
          type="button"
          className="fade-in absolute end-4 bottom-3 z-20 inline-flex h-9 items-center gap-2 rounded-full border border-line bg-raised px-3.5 text-sm font-semibold shadow-float hover:bg-hover"
          onClick={toEnd}
        >
          <ArrowDown aria-hidden="true" className="size-4" />
          {words.jumpToLatest}
          {unread > 0 ? <span className="text-bill-ink">{words.jumpToNew(unread)}</span> : null}
        </button>
      ) : null}
      {historyOf ? (
        <Suspense fallback={null}>
          <HistoryDialog messageId={historyOf} onClose={() => setHistoryOf(null)} />
        </Suspense>
      ) : null}
    </div>
  )
}
