import type { Kysely } from 'kysely'
import type { Database } from '../../../db/schema.ts'
import type { Env } from '../../env.ts'
import { createTokenFinder, type LivingToken } from './find-tokens.ts'
import { openLucia } from './lucia-adapter.ts'
import { createSeenMarker, type SeenMarker } from './mark-seen.ts'
import { createPasswordHasher, type PasswordHasher } from './password-hasher.ts'
import { createRateLimit, type RateLimit } from './rate-limit.ts'
import { createSessionCookie, type SessionCookie } from './session-cookie.ts'

/** What signing in and out needs; one per process. */
export interface Accounts {
  db: Kysely<Database>
  lucia: ReturnType<typeof openLucia>
  /** The token of that hash, if it is good now. */
  findToken: (secretHash: Buffer) => Promise<LivingToken | null>
  seen: SeenMarker
  hasher: PasswordHasher
  rateLimit: RateLimit
  cookie: SessionCookie
}

export function createAccounts(db: Kysely<Database>, env: Pick<Env, 'PUBLIC_URL'>): Accounts {
  return {
    db,
    lucia: openLucia(db),
    findToken: createTokenFinder(db),
    seen: createSeenMarker(db),
    hasher: createPasswordHasher(),
    rateLimit: createRateLimit(db),
    cookie: createSessionCookie(env.PUBLIC_URL),
  }
}
