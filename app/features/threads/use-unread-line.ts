import { useCallback, useEffect, useState } from 'react'
import type { Session } from '../shell/session.ts'

export interface UnreadLine {
  /** The line stands after this seq; null for none. */
  after: number | null
  /** Whether what is seen counts as read. */
  reading: boolean
  /** "Mark unread from here". */
  setBack: (seq: number) => void
  clear: () => void
}

/** The line stays where it was when the thread was opened, until the reader is done with it. */
export function useUnreadLine(session: Session, threadId: string): UnreadLine {
  const [after, setAfter] = useState<number | null>(() => {
    const thread = session.live.get().threads[threadId]
    return thread && thread.unread > 0 ? thread.readSeq : null
  })
  const [reading, setReading] = useState(true)

  useEffect(
    () =>
      session.live.subscribe(() => {
        const { threads, applied } = session.live.get()
        const thread = threads[threadId]
        const looking = document.visibilityState === 'visible' && document.hasFocus()
        const arrived = applied.some(
          (event) => event.type === 'message.posted' && event.stream === threadId,
        )
        // Read here or on another device: from now on what is seen counts again.
        if (thread?.unread === 0) setReading(true)
        // Something new came while nobody looked: the line moves to what is unread now.
        if (thread && arrived && !looking && thread.unread > 0) setAfter(thread.readSeq)
      }),
    [session, threadId],
  )

  const setBack = useCallback((seq: number) => {
    setAfter(seq - 1)
    setReading(false)
  }, [])
  const clear = useCallback(() => {
    setAfter(null)
    setReading(true)
  }, [])
  return { after, reading, setBack, clear }
}
