import { useRevalidator } from '@remix-run/react'
import { useEffect, useRef } from 'react'
import type { LogEvent } from '../../../server/events.ts'
import { useSession } from '../shell/session-context.tsx'

/** Several facts often come together: the page is read again once for all of them. */
const togetherMs = 100

/** Reads the page's data again whenever a fact arrives that it shows. `concerns` says which. */
export function useRevalidateOn(concerns: (event: LogEvent) => boolean): void {
  const { live } = useSession()
  const { revalidate } = useRevalidator()
  const latest = useRef({ concerns, revalidate })
  useEffect(() => {
    latest.current = { concerns, revalidate }
  })
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let seen = live.get().applied
    const stop = live.subscribe(() => {
      const { applied } = live.get()
      if (applied === seen) return
      seen = applied
      if (!applied.some((event) => latest.current.concerns(event))) return
      clearTimeout(timer)
      timer = setTimeout(() => latest.current.revalidate(), togetherMs)
    })
    return () => {
      stop()
      clearTimeout(timer)
    }
  }, [live])
}
