import { useNavigation, useRevalidator } from '@remix-run/react'
import { useContext, useEffect, useRef, type ContextType } from 'react'
import { UNSAFE_DataRouterContext as DataRouterContext } from 'react-router-dom'
import type { LogEvent } from '../../../server/events.ts'
import { useSession } from '../shell/session-context.tsx'

/** Several facts often come together: the page is read again once for all of them. */
const togetherMs = 100

/**
 * Reads the page's data again whenever a fact arrives that it shows. `concerns` says which. While the page is reading
 * already it waits for its turn: a reading that Remix breaks off for another one was for nothing, and is
 * logged as an error. The router itself is asked, because what was rendered last may be a moment behind it.
 */
export function useRevalidateOn(concerns: (event: LogEvent) => boolean): void {
  const { live } = useSession()
  const { revalidate, state } = useRevalidator()
  const navigation = useNavigation().state
  const router = useContext(DataRouterContext)?.router
  const waiting = useRef(false)
  const latest = useRef({ concerns, revalidate })
  useEffect(() => {
    latest.current = { concerns, revalidate }
  })
  useEffect(() => {
    if (!waiting.current || !isIdle(router)) return
    waiting.current = false
    revalidate()
  }, [navigation, state, router, revalidate])
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let seen = live.get().applied
    const readAgain = () => {
      if (isIdle(router)) latest.current.revalidate()
      else waiting.current = true
    }
    const stop = live.subscribe(() => {
      const { applied } = live.get()
      if (applied === seen) return
      seen = applied
      if (!applied.some((event) => latest.current.concerns(event))) return
      clearTimeout(timer)
      timer = setTimeout(readAgain, togetherMs)
    })
    return () => {
      stop()
      clearTimeout(timer)
    }
  }, [live, router])
}

type Router = NonNullable<ContextType<typeof DataRouterContext>>['router']

function isIdle(router: Router | undefined): boolean {
  const state = router?.state
  return state?.navigation.state === 'idle' && state.revalidation === 'idle'
}
