/**
 * Calls a second, counted in memory by each instance: what is shared by all of them (signing in, signing up) is
 * counted in the database instead, see features/accounts/rate-limit.ts.
 */
import { AppError } from './errors.ts'
import { TokenBucket } from './token-bucket.ts'

/** Seconds' worth of calls that may come at once. */
export const burstSeconds = 5
/** Of what a person may call, so much may come over one socket: a page gone wild leaves room for the others. */
export const shareOfSocket = 0.5
/** Buckets of people who rest are dropped after so many calls. */
const sweepEvery = 1_000

export interface CallPace {
  /** Counts a call of this person, over whichever transport. @throws AppError RATE_LIMITED */
  take(userId: string): void
  /** People whose calls are remembered at this moment. */
  readonly people: number
}

export function createCallPace(perSecond: number): CallPace {
  const buckets = new Map<string, TokenBucket>()
  let calls = 0

  return {
    take(userId) {
      if (++calls % sweepEvery === 0)
        for (const [id, bucket] of buckets) if (bucket.isFull) buckets.delete(id)
      const bucket = buckets.get(userId) ?? new TokenBucket(perSecond, perSecond * burstSeconds)
      buckets.set(userId, bucket)
      const wait = bucket.take()
      if (wait > 0) throw tooFast(wait)
    },
    get people() {
      return buckets.size
    },
  }
}

/** A bucket for the calls that come over one socket. */
export function createSocketPace(perSecond: number): TokenBucket {
  return new TokenBucket(perSecond * shareOfSocket, perSecond * shareOfSocket * burstSeconds)
}

/** @param wait seconds until another call is taken */
export function tooFast(wait: number): AppError {
  const retryAfter = Math.ceil(wait)
  return new AppError('RATE_LIMITED', 'Too many calls; wait a moment, then go on more slowly.', {
    retryAfter,
  })
}
