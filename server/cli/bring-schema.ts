import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { connect } from '../../db/client.ts'
import { appliedMigration, DatabaseTooNewError, migrate } from '../../db/migrate.ts'
import { newestMigration } from '../../db/migrations/index.ts'

/**
 * Migrates, or, where a release command does that (MIGRATE_ON_START=false), waits until it has.
 * @throws DatabaseTooNewError when the database belongs to newer code.
 */
export async function bringSchema(
  url: string,
  options: { migrateNow: boolean; log: Logger; wait: (why: string) => void; signal: AbortSignal },
): Promise<void> {
  if (options.migrateNow) {
    const applied = await migrate(url)
    if (applied.length > 0) options.log.info({ applied }, 'migrated the database')
    return
  }
  const { db } = connect({ url, maxConnections: 1, applicationName: 'skein-start' })
  try {
    for (;;) {
      options.signal.throwIfAborted()
      const found = await appliedMigration(db)
      if (found === newestMigration) return
      if (found !== null && found > newestMigration) throw new DatabaseTooNewError(found)
      options.wait(
        `the database is at migration ${found ?? 'none'}, not yet at ${newestMigration}: run skein migrate`,
      )
      await sleep(1_000, undefined, { signal: options.signal })
    }
  } finally {
    await db.destroy()
  }
}
