import { performance } from 'node:perf_hooks'
import { getHeapStatistics } from 'node:v8'
import type { Logger } from 'pino'
import { atBeats } from './beat.ts'

/** Milliseconds between two looks. */
const lookEveryMs = 1_000
/** Share of the time since the last look in which there was something to do: heartbeats and looks of our own are less. */
const quietBelow = 0.02
/** Bytes that were added since the last collection, and are worth another one. */
const worthwhile = 16 * 1024 * 1024
/** It stops everything for 0.1 to 0.2 s. */
const apartMs = 60_000

/**
 * Gives back what a storm of connections leaves behind, once it is over and nobody says anything. V8 collects when it needs
 * room: as long as next to nothing is made, 5,000 connections that have come keep 100 MiB of garbage (docs/decisions/015).
 * Nothing happens unless node was started with --expose-gc (node-flags.ts).
 * @returns ends it
 */
export function collectWhenQuiet(log: Logger): () => void {
  const { gc } = globalThis
  if (!gc) return () => undefined
  let before = performance.eventLoopUtilization()
  let kept = getHeapStatistics().used_heap_size
  let collectedAt = -Infinity

  return atBeats(lookEveryMs, () => {
    const now = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(now, before)
    before = now
    const started = performance.now()
    if (utilization >= quietBelow || started - collectedAt < apartMs) return
    const used = getHeapStatistics().used_heap_size
    if (used < kept + worthwhile) return
    // The only flavour that gives the room for young objects back to the system.
    gc({ type: 'major', execution: 'sync', flavor: 'last-resort' })
    collectedAt = performance.now()
    kept = getHeapStatistics().used_heap_size
    log.debug(
      { usedBefore: used, usedAfter: kept, milliseconds: Math.round(collectedAt - started) },
      'collected what was left behind',
    )
  })
}
