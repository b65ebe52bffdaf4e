/**
 * How late the event loop is: what was to run at a certain moment, how long after it did it run? A busy one is looked at
 * ten times a second, a quiet one with everything else that it wakes up for, since ten wake-ups a second were a third of
 * what a quiet instance did (docs/decisions/017).
 */
import { performance } from 'node:perf_hooks'
import { restBeatMs, untilBeat } from '../beat.ts'

/** Milliseconds until the next look while it is busy. */
const closeMs = 100
/** It is busy when this share of the time since the last look was not spent waiting. */
const busyFrom = 0.2

/** @param observe is told the seconds of each look. @returns ends that */
export function watchEventLoop(observe: (lateSeconds: number) => void): () => void {
  let before = performance.eventLoopUtilization()
  let due = 0
  let timer = lookIn(untilBeat(restBeatMs))

  function lookIn(milliseconds: number): NodeJS.Timeout {
    due = performance.now() + milliseconds
    return setTimeout(look, milliseconds).unref()
  }

  function look(): void {
    // Timers count whole milliseconds, and may be one early.
    observe(Math.max(0, performance.now() - due) / 1_000)
    const now = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(now, before)
    before = now
    timer = lookIn(utilization < busyFrom ? untilBeat(restBeatMs) : closeMs)
  }

  return () => clearTimeout(timer)
}
