import { useSyncExternalStore } from 'react'
import type { ConnectionState } from '../../../client/index.ts'
import { useSession } from './session-context.tsx'

/** How the page is connected. The client's own hook comes with TanStack Query, which the first view does without. */
export function useConnection(): ConnectionState {
  const { subscribe, getSnapshot } = useSession().skein.connection
  return useSyncExternalStore(subscribe, getSnapshot, getSnapshot)
}
