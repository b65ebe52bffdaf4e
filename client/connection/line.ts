import type { SkeinError } from '../skein-error.ts'

/** Who listens to one subscription. Nothing follows `ended`. */
export interface Ears {
  /** @param id of a tracked item: what `lastEventId` is for a resume */
  data(value: unknown, id: string | undefined): void
  /** @param error null when the server had nothing more to say */
  ended(error: SkeinError | null): void
}

/** What becomes of a line. Nothing follows `lost`. */
export interface LineEvents {
  /** The server answered. */
  opened(): void
  /** The server asks to go elsewhere; the line works for a little while still. */
  moving(): void
  lost(error: SkeinError): void
}

/** One attempt to be connected, by whatever transport: subscriptions may be opened at once, and die with it. */
export interface Line {
  /** @returns ends the subscription, without a call of `ended` */
  subscribe(path: string, input: unknown, ears: Ears): () => void
  close(): void
}

export type OpenLine = (events: LineEvents) => Line

/** Milliseconds. Together they notice a half-open connection within 30 s. */
export const lineTimes = {
  /** Until the server answered the attempt. */
  openMs: 10_000,
  /** Silence after which the peer is asked for a sign of life. */
  silenceMs: 25_000,
  /** Until that sign. */
  answerMs: 5_000,
} as const
