import { migrate } from '../../db/migrate.ts'
import { readEnv } from '../env.ts'
import { createLogger } from '../observe/logger.ts'
import { createServices, type Services } from '../services.ts'
import { openDatabase } from './open-database.ts'

/**
 * Runs a verb with all services on the database of this deployment, beside a Skein that may be running. What goes into
 * the log stays below the verb's own words: warnings and worse.
 */
export async function withServices<T>(work: (services: Services) => Promise<T>): Promise<T> {
  const env = readEnv()
  const quiet = env.LOG_LEVEL === 'info' ? ({ ...env, LOG_LEVEL: 'warn' } as const) : env
  const log = createLogger(quiet, process.stderr)
  await using opened = new AsyncDisposableStack()
  const database = await openDatabase(env, { join: true, log: (line) => log.debug(line) })
  opened.defer(() => database.close())
  await migrate(database.directUrl)
  const services = await createServices(quiet, database.url, { log })
  opened.defer(() => services.close())
  return await work(services)
}
