import { SkeinError } from '../../client/index.ts'

/**
 * For what is done in passing, without anybody waiting for it: a failure that will pass says nothing, one that will
 * not is a defect, and reaches the browser's error reporting.
 */
export function reportFailure(error: unknown): void {
  if (!(error instanceof SkeinError)) return reportError(error)
  const { passing, reason, status } = error
  if (!passing && reason !== 'ABORTED' && status !== 401 && status !== 404) reportError(error)
}
