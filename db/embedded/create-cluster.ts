import { spawn } from 'node:child_process'
import { rename, rm } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { once } from 'node:events'
import { plainEnvironment } from './account.ts'
import type { Binaries } from './binaries.ts'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'
import type { Home } from './home.ts'

/** The role and the database of that name. */
export const roleName = 'skein'

/** Runs initdb beside the final place and moves the result there, so that a cluster is whole or absent. */
export async function createCluster(binaries: Binaries, home: Home): Promise<void> {
  const staging = `${home.cluster}.new`
  await rm(staging, { recursive: true, force: true })
  const initdb = spawn(
    binaries.initdb,
    [
      `--pgdata=${staging}`,
      `--username=${roleName}`,
      `--pwfile=${home.passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      // The same order of text on every machine, and letters beyond ASCII fold.
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
    ],
    {
      ...home.account,
      cwd: '/',
      env: plainEnvironment,
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  )
  const [[code], said] = await Promise.all([
    once(initdb, 'exit') as Promise<[number | null]>,
    text(initdb.stderr),
  ])
  if (code !== 0) {
    await rm(staging, { recursive: true, force: true })
    const reason = said.split('\n').find((line) => line.includes('error:')) ?? said.trim()
    throw new EmbeddedPostgresError(`the database could not be made: ${reason.trim()}`)
  }
  await rename(staging, home.cluster)
}
