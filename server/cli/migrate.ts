import { Command } from 'commander'
import { migrate } from '../../db/migrate.ts'
import { newestMigration } from '../../db/migrations/index.ts'
import { readEnv } from '../env.ts'
import type { CliIo } from './cli-io.ts'
import { openDatabase } from './open-database.ts'

/** `skein migrate` */
export function migrateCommand(io: CliIo): Command {
  return new Command('migrate')
    .description('bring the database to the schema of this version')
    .option('--json', 'answer as JSON')
    .action(async (options: { json?: true }) => {
      const env = readEnv()
      const database = await openDatabase(env, { join: true, log: () => undefined })
      try {
        const applied = await migrate(database.directUrl)
        if (options.json) io.out(JSON.stringify({ applied, at: newestMigration }))
        else if (applied.length === 0) io.out(`up to date at ${newestMigration}`)
        else for (const name of applied) io.out(`applied ${name}`)
      } finally {
        await database.close()
      }
    })
}
