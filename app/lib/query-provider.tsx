import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { TRPCProvider } from './trpc-react.ts'
import type { Api } from './trpc.ts'

/** Around whatever uses `useTRPC`. Not part of the first view, which needs no cache of queries. */
export function QueryProvider({ api, children }: { api: Api; children: ReactNode }) {
  const [client] = useState(() => new QueryClient())
  return (
    <QueryClientProvider client={client}>
      <TRPCProvider trpcClient={api} queryClient={client}>
        {children}
      </TRPCProvider>
    </QueryClientProvider>
  )
}
