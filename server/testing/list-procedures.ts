import type { AnyTRPCProcedure } from '@trpc/server'
import { appRouter } from '../router.ts'

export interface ListedProcedure {
  /** As clients name it: `threads.participants.add`. */
  path: string
  procedure: AnyTRPCProcedure
}

/** Everything the router can be asked, found by looking, so that a test cannot forget what is new. */
export function listProcedures(): ListedProcedure[] {
  const procedures: Record<string, unknown> = appRouter._def.procedures
  return Object.entries(procedures).map(([path, procedure]) => ({
    path,
    procedure: procedure as AnyTRPCProcedure,
  }))
}
