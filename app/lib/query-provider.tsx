import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import type { SkeinClient } from '../../client/index.ts'
import { SkeinProvider } from '../../client/react.tsx'

export interface QueryProviderProps {
  skein: SkeinClient
  children: ReactNode
}

/** Around whatever uses `useTRPC`. Not part of the first view, which needs no cache of queries. */
export function QueryProvider({ skein, children }: QueryProviderProps) {
  const [queryClient] = useState(() => new QueryClient())
  return (
    <QueryClientProvider client={queryClient}>
      <SkeinProvider client={skein} queryClient={queryClient}>
        {children}
      </SkeinProvider>
    </QueryClientProvider>
  )
}
