/** For React: queries and mutations on TanStack Query, the connection, and facts for as long as a component is there. */
import type { QueryClient } from '@tanstack/react-query'
import { createTRPCContext } from '@trpc/tanstack-react-query'
import { createContext, useContext, useEffect, useRef, useState, useSyncExternalStore } from 'react'
import type { ReactNode } from 'react'
import type { ConnectionState } from './connection/connection-state.ts'
import type { Router } from './contract.ts'
import type { SkeinClient } from './create-client.ts'
import type { FollowOptions } from './follow/follow.ts'
import { resumableFollow } from './follow/resumable-follow.ts'
import type { SkeinError } from './skein-error.ts'

// Their types are named: inferred, they would be written out with everything that the router is made of.
type RouterContext = ReturnType<typeof createTRPCContext<Router>>
const { TRPCProvider, useTRPC: useRouter }: RouterContext = createTRPCContext<Router>()
const ClientContext = createContext<SkeinClient | null>(null)

/**
 * Options for TanStack Query: `useQuery(useTRPC().threads.list.queryOptions())`.
 *
 * @throws Error outside of a SkeinProvider
 */
export const useTRPC: RouterContext['useTRPC'] = useRouter

/** What a {@link SkeinProvider} takes. */
export interface SkeinProviderProps {
  client: SkeinClient
  queryClient: QueryClient
  children: ReactNode
}

/** Around whatever uses the hooks of this module. TanStack's own QueryClientProvider belongs around it. */
export function SkeinProvider({ client, queryClient, children }: SkeinProviderProps) {
  return (
    <ClientContext.Provider value={client}>
      <TRPCProvider trpcClient={client.api} queryClient={queryClient}>
        {children}
      </TRPCProvider>
    </ClientContext.Provider>
  )
}

/** The client of the provider. @throws Error outside of a SkeinProvider */
export function useSkein(): SkeinClient {
  const client = useContext(ClientContext)
  if (!client) throw new Error('useSkein needs a SkeinProvider around it.')
  return client
}

/** How the client is connected; renders anew when that changes. */
export function useConnection(): ConnectionState {
  const { connection } = useSkein()
  return useSyncExternalStore(connection.subscribe, connection.getSnapshot, connection.getSnapshot)
}

/**
 * Follows the facts while the component is mounted. The newest `onEvents` is called; the other options count as they
 * were first. When React runs its effect anew it goes on where it was; with another client it begins as it did first.
 * To have no gap between what was loaded and what follows, begin at the cursor that `events.cursor` gave before the
 * loading, or with a store.
 *
 * @returns why it ended, null while it goes on
 */
export function useFollow<Effects>(options: FollowOptions<Effects>): SkeinError | null {
  const client = useSkein()
  const [error, setError] = useState<SkeinError | null>(null)
  const newest = useRef(options)
  useEffect(() => {
    newest.current = options
  })
  const [begin] = useState(() =>
    resumableFollow<Effects>({
      ...options,
      onEvents: (events, delivery) => newest.current.onEvents(events, delivery),
    }),
  )
  useEffect(() => begin(client, setError), [client, begin])
  return error
}
