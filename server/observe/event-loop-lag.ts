/**
 * How late the event loop is: what was to run at a certain moment, how long after it did it run? A busy one is looked at
 * ten times a second, a quiet one with everything else that it wakes up for, since ten wake-ups a second were a third of
 * what a quiet instance did (docs/decisions/017).
 */
import { performance } from 'node:perf_hooks'
import { atBeats, restBeatMs, untilBeat } from '../beat.ts'

/** Milliseconds until the next look while it is quiet: each second beat. */
const restMs = 2 * restBeatMs
/** The same while it is busy. */
const closeMs = 100
/** It is busy when this share of the time since the last look was not spent waiting. */
const busyFrom = 0.2

export interface EventLoopWatch {
  /** Much may come at once now, as when connections are made: does not wait for the next beat to see it. */
  lookClosely(): void
  close(): void
}

/** @param observe is told the seconds of each look */
export function watchEventLoop(observe: (lateSeconds: number) => void): EventLoopWatch {
  let before = performance.eventLoopUtilization()
  let due = performance.now() + untilBeat(restMs)
  let close: NodeJS.Timeout | null = null

  function look(): void {
    close = null
    const now = performance.now()
    // Timers count whole milliseconds, and may be one early.
    observe(Math.max(0, now - due) / 1_000)
    const { active, idle } = performance.eventLoopUtilization()
    const busy = active - before.active
    const isBusy = busy > busyFrom * (busy + idle - before.idle)
    before = { active, idle, utilization: 0 }
    due = now + untilBeat(restMs, now)
    if (isBusy) lookClosely()
  }

  function lookClosely(): void {
    if (close) return
    due = performance.now() + closeMs
    close = setTimeout(look, closeMs)
  }

  const stopBeats = atBeats(restMs, () => {
    if (!close) look()
  })
  return {
    lookClosely,
    close() {
      stopBeats()
      if (close) clearTimeout(close)
    },
  }
}
