import { useSyncExternalStore } from 'react'

/** Whether JavaScript runs: false in what the server rendered, so that a page also stands without it. */
export function useHydrated(): boolean {
  return useSyncExternalStore(
    neverChanges,
    () => true,
    () => false,
  )
}

function neverChanges() {
  return () => undefined
}
