import { restBeatMs } from '../../beat.ts'

/** Milliseconds. Tests bring shorter ones; nothing else replaces them. */
export interface PresenceTimes {
  /** Between two looks at who changed: what changed meanwhile goes out together. */
  tickMs: number
  /** While nothing was heard that may change anything. */
  restMs: number
  /** Between two signs of life of an instance. */
  aliveMs: number
  /** An instance that was not heard for this long is gone, and its people with it. */
  silentMs: number
  /** What a device said of itself counts for this long; it repeats it every 25 s. */
  saidMs: number
  /** So long it counts while an event stream is open beside it: hidden pages are let speak once a minute. */
  unprobedMs: number
  /** A connection that ended may come back within this, here or elsewhere, before its person counts as gone. */
  graceMs: number
  /** A change of one person is told at most this often. */
  retellMs: number
}

/** After a crash people are offline within silentMs + retellMs + 2 rests: 53 s. */
export const presenceTimes: PresenceTimes = {
  tickMs: 1_000,
  restMs: restBeatMs,
  aliveMs: 10_000,
  silentMs: 45_000,
  saidMs: 60_000,
  unprobedMs: 120_000,
  graceMs: 8_000,
  retellMs: 5_000,
}
