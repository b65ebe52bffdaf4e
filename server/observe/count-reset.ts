import { AppError } from '../errors.ts'
import type { Metrics } from './metrics.ts'

/** Counts a refusal that sends a reader back to the beginning. */
export function countReset(metrics: Metrics, refusal: unknown): void {
  if (refusal instanceof AppError && refusal.reason.startsWith('CURSOR_'))
    metrics.resets.inc({ reason: refusal.reason })
}
