import type { History, Stay } from './history.ts'

/** What somebody must see, and what they may. */
export interface Entitlement {
  must(stream: string, seq: number): boolean
  may(stream: string, seq: number): boolean
}

/**
 * Everyone sees the server's stream and their own, whole. Of a thread one must see what was committed while one was
 * in it, up to and with the event that let one out. Beyond the last such event nothing may be seen; whoever was let
 * in again may read what was said meanwhile, as every newcomer may read what came before.
 */
export function entitlementOf(userId: string, { stays, serverStream }: History): Entitlement {
  const own = Map.groupBy(
    stays.filter((stay) => stay.userId === userId),
    ({ stream }) => stream,
  )
  const whole = (stream: string) => stream === userId || stream === serverStream
  return {
    must: (stream, seq) =>
      whole(stream) ||
      (own.get(stream) ?? []).some(({ from, to }) => from <= seq && seq <= end(to)),
    may: (stream, seq) => whole(stream) || seq <= lastEnd(own.get(stream) ?? []),
  }
}

const end = (to: Stay['to']) => to ?? Infinity

function lastEnd(stays: readonly Stay[]): number {
  return Math.max(0, ...stays.map(({ to }) => end(to)))
}
