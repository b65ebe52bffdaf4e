import { useCallback, useEffect, useRef, useState, type RefObject } from 'react'
import type { Timeline } from '../../../client/timeline.ts'
import { useLayoutEffect } from '~/lib/use-layout-effect.ts'
import { reportFailure } from '~/lib/report-failure.ts'
import { useSession } from '../shell/session-context.tsx'
import { isNearEnd } from './keep-in-place.tsx'

export interface TimelineScrollInput {
  scroller: RefObject<HTMLElement | null>
  threadId: string
  timeline: Timeline
  messageId: string | null
  sends: number
}

export interface TimelineScroll {
  /** More than a glance away from the end. */
  away: boolean
  /** Id of the message that a permalink led to. */
  highlighted: string | null
  toEnd: () => void
}

/** Where the timeline opens, and how it comes back to its end. */
export function useTimelineScroll({
  scroller,
  threadId,
  timeline,
  messageId,
  sends,
}: TimelineScrollInput): TimelineScroll {
  const session = useSession()
  const [away, setAway] = useState(false)
  const wantsEnd = useRef(false)

  // Opens at the message of the permalink, else at the unread line, else at the end where it is by itself.
  useLayoutEffect(() => {
    const list = scroller.current
    const target = messageId
      ? list?.querySelector<HTMLElement>(`[data-message-id="${CSS.escape(messageId)}"]`)
      : list?.querySelector<HTMLElement>('[data-new-line]')
    target?.scrollIntoView({ block: messageId ? 'center' : 'start' })
    if (messageId) target?.focus({ preventScroll: true })
  }, [scroller, messageId])

  useEffect(() => {
    const list = scroller.current
    if (!list) return
    const look = () => setAway(!isNearEnd(list))
    list.addEventListener('scroll', look, { passive: true })
    // Opening at the unread line may have scrolled before anybody listened.
    const frame = requestAnimationFrame(look)
    return () => {
      cancelAnimationFrame(frame)
      list.removeEventListener('scroll', look)
    }
  }, [scroller])

  const toEnd = useCallback(() => {
    if (session.live.get().timelines[threadId]?.hasNewer) {
      wantsEnd.current = true
      session.client.openThread(threadId).catch(reportFailure)
    } else scrollToEnd(scroller)
  }, [session, threadId, scroller])

  // The newest page is there now: go to where it ends.
  useLayoutEffect(() => {
    if (!wantsEnd.current || timeline.hasNewer) return
    wantsEnd.current = false
    scrollToEnd(scroller)
  }, [timeline, scroller])

  useEffect(() => {
    if (sends > 0) toEnd()
  }, [sends, toEnd])

  return { away, highlighted: messageId, toEnd }
}

/** The list is laid out from its end, so the end is where nothing is scrolled. */
function scrollToEnd(scroller: RefObject<HTMLElement | null>): void {
  scroller.current?.scrollTo({ top: 0 })
}
