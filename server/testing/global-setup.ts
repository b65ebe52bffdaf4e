import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { startEmbeddedPostgres } from '../../db/embedded.ts'
import { migrate } from '../../db/migrate.ts'
import { makeTempFolder } from './temp-folder.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** A Postgres for the whole run, and the database in it that every test's own is a copy of. */
    postgresUrl: string
    templateDatabase: string
  }
}

/** Starts one Postgres for the run and migrates one database, once. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await makeTempFolder()
  const postgres = await startEmbeddedPostgres({
    dataDir: folder.path,
    // Workers, instances and pools at once. The power will not fail during a test, so the disk need not be waited for.
    settings: { max_connections: '300', fsync: 'off' },
  })
  const template = 'skein_template'
  const url = new URL(postgres.url)
  const client = new pg.Client({ connectionString: url.href })
  await client.connect()
  await client.query(`CREATE DATABASE ${template}`)
  await client.end()
  const templateUrl = new URL(url)
  templateUrl.pathname = template
  await migrate(templateUrl.href)

  project.provide('postgresUrl', url.href)
  project.provide('templateDatabase', template)
  return async () => {
    await postgres.close()
    await folder.remove()
  }
}
