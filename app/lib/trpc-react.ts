import { createTRPCContext } from '@trpc/tanstack-react-query'
import type { AppRouter } from '../../server/router.ts'

/** For queries that a page keeps for a while: histories, participants, people. Loads on use. */
export const { TRPCProvider, useTRPC } = createTRPCContext<AppRouter>()
