import { failureOf, isPassing } from './trpc.ts'

/**
 * For what is done in passing, without anybody waiting for it: a failure that will pass says nothing, one that will
 * not is a defect, and reaches the browser's error reporting.
 */
export function reportFailure(error: unknown): void {
  const failure = failureOf(error)
  if (!isPassing(failure) && failure.status !== 401 && failure.status !== 404) reportError(error)
}
