import { reconnectDelay } from '../../client/connection/delay.ts'
import { lineTimes } from '../../client/connection/line.ts'

/** How long a device holds on to a line, and how soon it comes back. */
export interface Habits {
  /** Milliseconds a new connection may take to open. */
  openMs: number
  /** Milliseconds of silence after which it gives a line up. */
  silenceMs: number
  /**
   * Milliseconds until it tries again.
   * @param failures tries that failed since the last success; 0 after the loss itself
   */
  delay(failures: number, random: () => number): number
}

/** Sooner than the product's own client, so that a run has more returns, and more of them at once. */
export const hasty: Habits = {
  openMs: 4_000,
  silenceMs: 10_000,
  delay: (failures, random) => random() * Math.min(200 * 2 ** failures, 2_000),
}

/** As the product's own client: for bounds on how soon people notice that they are cut off, and are back. */
export const asClient: Habits = {
  openMs: lineTimes.openMs,
  silenceMs: lineTimes.silenceMs + lineTimes.answerMs,
  delay: reconnectDelay,
}

/** Takes a silent line for a good one, for ever: whatever its other end still has to say will be heard. */
export const trusting: Habits = { ...hasty, silenceMs: Infinity }
