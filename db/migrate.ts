import { Kysely, PostgresDialect } from 'kysely'
import { Migrator } from 'kysely/migration'
import pg from 'pg'
import { openPool } from './open-pool.ts'
import { migrations, newestMigration } from './migrations/index.ts'

/** The database was migrated by newer code than this; going on could lose what that code keeps. */
export class DatabaseTooNewError extends Error {
  constructor(found: string) {
    super(
      `the database is at migration ${found}, this version of Skein knows only ${newestMigration}: start the newer version`,
    )
  }
}

/**
 * Brings the database at `url` to the newest schema. Safe to call from several processes at once (a session-level
 * advisory lock, so `url` must not go through a transaction-mode pooler).
 * @returns the names of the migrations that were applied now.
 * @throws DatabaseTooNewError when the database is ahead of this code.
 */
export async function migrate(url: string): Promise<string[]> {
  // A Kysely without the camel-case plugin: it must not touch what migrations write.
  const db = new Kysely<unknown>({
    dialect: new PostgresDialect({
      pool: openPool({ connectionString: url, max: 1, connectionTimeoutMillis: 5_000 }),
    }),
  })
  try {
    await refuseNewer(db)
    const migrator = new Migrator({
      db,
      provider: { getMigrations: () => Promise.resolve(migrations) },
    })
    const { error, results } = await migrator.migrateToLatest()
    if (error !== undefined) {
      throw error instanceof Error ? error : new Error('the migration failed', { cause: error })
    }
    return (results ?? []).filter((r) => r.status === 'Success').map((r) => r.migrationName)
  } finally {
    await db.destroy()
  }
}

async function refuseNewer(db: Kysely<unknown>): Promise<void> {
  const newest = await appliedMigration(db)
  if (newest !== null && newest > newestMigration) throw new DatabaseTooNewError(newest)
}

/** Name of the newest migration in the database, or null when it has none yet. */
export async function appliedMigration<T>(db: Kysely<T>): Promise<string | null> {
  const untyped = db as unknown as Kysely<{ kysely_migration: { name: string } }>
  try {
    const row = await untyped
      .selectFrom('kysely_migration')
      .select('name')
      .orderBy('name', 'desc')
      .limit(1)
      .executeTakeFirst()
    return row?.name ?? null
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === '42P01') return null
    throw error
  }
}
