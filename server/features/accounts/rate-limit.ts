import { createHash } from 'node:crypto'
import { isIPv6 } from 'node:net'
import { sql, type Kysely } from 'kysely'
import type { Database } from '../../../db/schema.ts'
import { AppError } from '../../errors.ts'

/** How often something may be tried within a window that begins with the first try. */
export const limits = {
  signInPerAccount: { times: 10, seconds: 15 * 60 },
  signInPerAddress: { times: 50, seconds: 15 * 60 },
  signUpPerAddress: { times: 20, seconds: 60 * 60 },
} as const

export interface Attempt {
  limit: keyof typeof limits
  of: string
}

export interface RateLimit {
  /** Counts one attempt. @throws AppError RATE_LIMITED, with the seconds to wait, when there were too many. */
  take(attempt: Attempt): Promise<void>
  /**
   * Runs `check` if none of the limits is reached, and counts it against all of them unless it answers true. Counted
   * before it runs, so that a hundred guesses sent at once are not all let through.
   */
  countFailures(attempts: readonly Attempt[], check: () => Promise<boolean>): Promise<boolean>
}

const sweepEveryMs = 60_000
const longestWindow = Math.max(...Object.values(limits).map((limit) => limit.seconds))

/**
 * Counts in one UNLOGGED table, so that all instances share them. A crash of the database forgets the counts, which
 * is the price of a quick count; restarting Postgres is not in an attacker's hands.
 */
export function createRateLimit(db: Kysely<Database>): RateLimit {
  let sweptAt = 0

  async function take(attempt: Attempt): Promise<void> {
    if (Date.now() - sweptAt > sweepEveryMs) {
      sweptAt = Date.now()
      await db
        .deleteFrom('rateLimits')
        .where('windowStartedAt', '<', sql<Date>`now() - make_interval(secs => ${longestWindow})`)
        .execute()
    }
    const { times, seconds } = limits[attempt.limit]
    const { rows } = await sql<{ count: number; seconds: number }>`
      insert into rate_limits as held (key, count, window_started_at)
      values (${keyOf(attempt)}, 1, now())
      on conflict (key) do update set
        count = case when held.window_started_at <= now() - make_interval(secs => ${seconds}) then 1
                     else least(held.count + 1, ${times + 1}) end,
        window_started_at = case when held.window_started_at <= now() - make_interval(secs => ${seconds}) then now()
                                 else held.window_started_at end
      returning count, extract(epoch from window_started_at - now())::float8 + ${seconds} as seconds`.execute(
      db,
    )
    const held = rows[0]
    if (!held || held.count <= times) return
    const retryAfter = Math.max(1, Math.ceil(held.seconds))
    const minutes = Math.ceil(retryAfter / 60)
    throw new AppError(
      'RATE_LIMITED',
      `Too many attempts. Try again in ${minutes === 1 ? 'a minute' : `${minutes} minutes`}.`,
      { retryAfter },
    )
  }

  async function giveBack(attempt: Attempt): Promise<void> {
    await db
      .updateTable('rateLimits')
      .set((eb) => ({ count: eb('count', '-', 1) }))
      .where('key', '=', keyOf(attempt))
      .where('count', '>', 0)
      .execute()
  }

  return {
    take,
    async countFailures(attempts, check) {
      // One after the other: an address that is refused must not use up the tries of an account.
      for (const attempt of attempts) await take(attempt)
      let failed = false
      try {
        failed = !(await check())
        return !failed
      } finally {
        if (!failed) for (const attempt of attempts) await giveBack(attempt)
      }
    },
  }
}

/** Hashed, so that the table is no list of the addresses people use. */
function keyOf({ limit, of }: Attempt): string {
  return `${limit}:${createHash('sha256').update(of).digest('base64url')}`
}

/** One household or server has 2^64 addresses of IPv6: what counts is their common half. */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '')
  if (!isIPv6(plain)) return plain
  const [left = '', right] = plain.split('::')
  const head = left === '' ? [] : left.split(':')
  const tail = right === undefined || right === '' ? [] : right.split(':')
  const zeros = right === undefined ? 0 : Math.max(0, 8 - head.length - tail.length)
  const groups = [...head, ...Array<string>(zeros).fill('0'), ...tail]
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`
}
