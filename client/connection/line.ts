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
  /** @returns ends the subscription: neither data nor an end is heard of it after that */
  subscribe(path: string, input: unknown, ears: Ears): () => void
  close(): void
}

export type OpenLine = (events: LineEvents) => Line

/** Milliseconds. */
export interface LineTimes {
  /** Until the server answered the attempt. */
  openMs: number
  /** Silence after which the peer is asked for a sign of life. */
  silenceMs: number
  /** Until that sign. */
  answerMs: number
}

/** A half-open connection is noticed within 30 s. */
export const lineTimes: LineTimes = { openMs: 10_000, silenceMs: 25_000, answerMs: 5_000 }
