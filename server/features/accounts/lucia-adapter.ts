import { sql, type Kysely } from 'kysely'
import { Lucia, TimeSpan, type Adapter, type DatabaseSession } from 'lucia'
import type { Database } from '../../../db/schema.ts'
import { createSessionFinder, type LivingSession } from './find-sessions.ts'
import { hashSecret } from './secret.ts'

declare module 'lucia' {
  interface Register {
    Lucia: ReturnType<typeof openLucia>
    DatabaseUserAttributes: UserAttributes
    DatabaseSessionAttributes: SessionAttributes
  }
}

interface UserAttributes {
  kind: 'person' | 'bot'
  role: 'owner' | 'admin' | 'member'
}

interface SessionAttributes {
  userAgent: string | null
  address: string | null
  /** What the database adds; absent while the session is being made. */
  stored?: StoredSession
}

interface StoredSession {
  /** Public id, safe to show. */
  id: string
  /** Absolute end, whatever the use; by the clock of this machine. */
  endsAt: Date
  /** last_seen_at is older than a minute. */
  unseen: boolean
}

/** Days without use after which a session ends. */
const idleDays = 14
/** Days after which a session ends in any case. */
export const absoluteDays = 90

/** lucia on `db`, which may be a transaction. What lucia calls the id of a session is its secret. */
export function openLucia(db: Kysely<Database>) {
  return new Lucia(createAdapter(db), {
    sessionExpiresIn: new TimeSpan(idleDays, 'd'),
    getSessionAttributes: (attributes) => ({ stored: attributes.stored }),
    getUserAttributes: (attributes) => attributes,
  })
}

/** So many milliseconds of the database's clock, counted from ours. */
const fromNow = (milliseconds: number) => new Date(Date.now() + milliseconds)

/** A moment of our clock, as the database's. */
const inDatabase = (moment: Date) =>
  sql<Date>`clock_timestamp() + make_interval(secs => ${(moment.getTime() - Date.now()) / 1_000}::float8)`

/**
 * lucia keeps session ids as they are and knows no absolute end. Here the database has only a hash of the secret,
 * and `ends_at`, which nothing moves; what lucia renews is never later than that. It also compares with the clock of
 * this machine, and deletes what it takes for ended: so times cross this border as so much time from now, and a clock
 * that is wrong ends nobody's session.
 */
function createAdapter(db: Kysely<Database>): Adapter {
  const find = createSessionFinder(db)
  const toSession = (id: string, row: LivingSession): DatabaseSession => ({
    id,
    userId: row.userId,
    expiresAt: fromNow(row.expiresIn),
    attributes: {
      userAgent: row.userAgent,
      address: row.address,
      stored: { id: row.id, endsAt: fromNow(row.endsIn), unseen: row.unseen },
    },
  })

  return {
    async getSessionAndUser(secret) {
      const row = await find(hashSecret(secret))
      if (!row) return [null, null]
      return [
        toSession(secret, row),
        { id: row.userId, attributes: { kind: row.kind, role: row.role } },
      ]
    },
    /** Would need the secrets, which are not known here; sessions are listed by list-sessions.ts. */
    getUserSessions: () => Promise.reject(new Error('sessions are not listed by lucia')),
    async setSession({ id: secret, userId, expiresAt, attributes }) {
      await db
        .insertInto('sessions')
        .values({
          secretHash: hashSecret(secret),
          userId,
          expiresAt: inDatabase(expiresAt),
          endsAt: sql<Date>`clock_timestamp() + make_interval(days => ${absoluteDays})`,
          userAgent: attributes.userAgent,
          address: attributes.address,
        })
        .execute()
    },
    async updateSessionExpiration(secret, expiresAt) {
      const clamped = sql<Date>`least(${inDatabase(expiresAt)}, ends_at)`
      await db
        .updateTable('sessions')
        .set({ expiresAt: clamped })
        .where('secretHash', '=', hashSecret(secret))
        .where('expiresAt', '<', clamped)
        .execute()
    },
    async deleteSession(secret) {
      await db.deleteFrom('sessions').where('secretHash', '=', hashSecret(secret)).execute()
    },
    async deleteUserSessions(userId) {
      await db.deleteFrom('sessions').where('userId', '=', userId).execute()
    },
    async deleteExpiredSessions() {
      await db
        .deleteFrom('sessions')
        .where('expiresAt', '<=', sql<Date>`clock_timestamp()`)
        .execute()
    },
  }
}
