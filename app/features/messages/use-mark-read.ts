import { useEffect, type RefObject } from 'react'
import type { Session } from '../shell/session.ts'

const seenAfterMs = 1_000
const lookEveryMs = 250

/**
 * Nothing is marked read that was not seen: a message counts when it has been in view for a second, in a tab that
 * is visible and has the focus.
 */
export function useMarkRead(
  session: Session,
  threadId: string,
  scroller: RefObject<HTMLElement | null>,
  enabled: boolean,
): void {
  useEffect(() => {
    if (!enabled) return
    let candidate = 0
    let since = 0
    const look = () => {
      const seen = looksAtPage() && scroller.current ? lowestInView(scroller.current) : 0
      const now = Date.now()
      if (seen !== candidate) {
        candidate = seen
        since = now
        return
      }
      const thread = session.live.get().threads[threadId]
      if (!thread || seen <= thread.readSeq || now - since < seenAfterMs) return
      session.markRead(threadId, seen)
    }
    const timer = setInterval(look, lookEveryMs)
    return () => clearInterval(timer)
  }, [session, threadId, scroller, enabled])
}

function looksAtPage(): boolean {
  return document.visibilityState === 'visible' && document.hasFocus()
}

/** The seq of the last message whose end is in view; 0 when none is. */
function lowestInView(scroller: HTMLElement): number {
  const { bottom, top } = scroller.getBoundingClientRect()
  const rows = [...scroller.querySelectorAll<HTMLElement>('[data-seq]')]
  const row = rows.findLast((each) => {
    const box = each.getBoundingClientRect()
    return box.bottom <= bottom + 1 && box.bottom > top
  })
  return Number(row?.dataset['seq'] ?? 0)
}
