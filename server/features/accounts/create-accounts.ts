import type { Kysely } from 'kysely'
import type { Database } from '../../../db/schema.ts'
import type { Env } from '../../env.ts'
import { openLucia } from './lucia-adapter.ts'
import { createPasswordHasher, type PasswordHasher } from './password-hasher.ts'
import { createRateLimit, type RateLimit } from './rate-limit.ts'
import { createSessionCookie, type SessionCookie } from './session-cookie.ts'

/** What signing in and out needs; one per process. */
export interface Accounts {
  db: Kysely<Database>
  lucia: ReturnType<typeof openLucia>
  hasher: PasswordHasher
  rateLimit: RateLimit
  cookie: SessionCookie
}

export function createAccounts(db: Kysely<Database>, env: Pick<Env, 'PUBLIC_URL'>): Accounts {
  return {
    db,
    lucia: openLucia(db),
    hasher: createPasswordHasher(),
    rateLimit: createRateLimit(db),
    cookie: createSessionCookie(env.PUBLIC_URL),
  }
}
