import { useEffect, useMemo, useSyncExternalStore } from 'react'
import type { Locale } from '~/ui/locale.tsx'
import { timeZoneCookie } from './locale.ts'

/**
 * The server's idea of the person's locale for hydration, then the browser's own time zone, which is also
 * left in a cookie so that the next document is right from the start.
 */
export function useBrowserLocale({ language, timeZone: served }: Locale): Locale {
  const timeZone = useSyncExternalStore(
    neverChanges,
    () => Intl.DateTimeFormat().resolvedOptions().timeZone,
    () => served,
  )
  useEffect(() => {
    if (timeZone !== served) document.cookie = timeZoneCookie(timeZone)
  }, [timeZone, served])
  return useMemo(() => ({ language, timeZone }), [language, timeZone])
}

function neverChanges() {
  return () => undefined
}
