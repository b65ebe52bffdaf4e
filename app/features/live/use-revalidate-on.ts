import { useNavigation, useRevalidator } from '@remix-run/react'
import { useEffect, useRef } from 'react'
import type { LogEvent } from '../../../server/events.ts'
import { useSession } from '../shell/session-context.tsx'

/** Several facts often come together: the page is read again once for all of them. */
const togetherMs = 100

/**
 * Reads the page's data again whenever a fact arrives that it shows. `concerns` says which. While the page is reading
 * already it waits for its turn: a reading that Remix breaks off for another one ends as an uncaught AbortError.
 */
export function useRevalidateOn(concerns: (event: LogEvent) => boolean): void {
  const { live } = useSession()
  const { revalidate, state } = useRevalidator()
  const idle = useNavigation().state === 'idle' && state === 'idle'
  const waiting = useRef(false)
  const latest = useRef({ concerns, revalidate, idle })
  useEffect(() => {
    latest.current = { concerns, revalidate, idle }
    if (!idle || !waiting.current) return
    waiting.current = false
    revalidate()
  })
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let seen = live.get().applied
    const readAgain = () => {
      if (latest.current.idle) latest.current.revalidate()
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
  }, [live])
}
