import { useCallback, useEffect, useRef, useState, type RefObject } from 'react'
import type { Session } from '../shell/session.ts'

export type PagingState = 'idle' | 'loading' | 'failed'

export interface Paging {
  state: PagingState
  load: () => void
  /** At the edge of what is loaded: coming near it loads more. */
  edge: RefObject<HTMLDivElement>
}

/** Loads what lies before or after the loaded messages as the reader comes near. */
export function usePaging(
  session: Session,
  threadId: string,
  scroller: RefObject<HTMLElement | null>,
  side: 'older' | 'newer',
  more: boolean,
): Paging {
  const [state, setState] = useState<PagingState>('idle')
  const busy = useRef(false)
  const edge = useRef<HTMLDivElement>(null)

  const load = useCallback(() => {
    if (busy.current) return
    busy.current = true
    setState('loading')
    session.client
      .readOn(threadId, side)
      .then(
        () => setState('idle'),
        () => setState('failed'),
      )
      .finally(() => {
        busy.current = false
      })
  }, [session, threadId, side])

  useEffect(() => {
    if (!more || state !== 'idle' || !edge.current) return
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) load()
      },
      { root: scroller.current, rootMargin: '600px 0px' },
    )
    observer.observe(edge.current)
    return () => observer.disconnect()
  }, [more, state, load, scroller])

  return { state, load, edge }
}
