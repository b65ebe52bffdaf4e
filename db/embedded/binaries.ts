import { existsSync } from 'node:fs'
import { chmod, cp, lstat, readdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { mayEnter, type Account } from './account.ts'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'
import { makeFolders } from './make-folders.ts'

export interface Binaries {
  postgres: string
  initdb: string
  /** The major version, as in PG_VERSION. */
  major: string
}

/** Where root puts what the Postgres account must reach when the checkout lies in a private folder. */
export const sharedFolder = '/var/lib/skein'

/**
 * The Postgres that the `embedded-postgres` package brings for this machine. Only its binaries are used: its
 * launcher traps the process's signals on import, and the order of stopping is ours to choose.
 */
export async function findBinaries(account: Account | undefined): Promise<Binaries> {
  const platform = `${process.platform}-${process.arch}`
  const launcher = createRequire(import.meta.url).resolve('embedded-postgres')
  const require = createRequire(launcher)
  let entry: string
  try {
    entry = require.resolve(`@embedded-postgres/${platform}`)
  } catch (error) {
    throw new EmbeddedPostgresError(
      `there is no embedded Postgres for ${platform}: set DATABASE_URL to a Postgres of your own (15 or newer)`,
      { cause: error },
    )
  }
  const root = dirname(dirname(entry))
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
    version: string
  }
  let native = join(root, 'native')
  await restoreLinks(root)
  if (!mayEnter(account, join(native, 'bin')) || !mayEnter(account, join(native, 'share'))) {
    native = await share(native, `postgres-${version}-${platform}`)
  }
  const major = version.split('.')[0] ?? ''
  return { postgres: join(native, 'bin/postgres'), initdb: join(native, 'bin/initdb'), major }
}

/** npm packages hold no symbolic links; the package makes them when it may run its install script, else we do. */
async function restoreLinks(root: string): Promise<void> {
  const list = await readFile(join(root, 'native/pg-symlinks.json'), 'utf8')
  const links = JSON.parse(list) as { source: string; target: string }[]
  const missing = links.filter(({ target }) => !existsSync(join(root, target)))
  for (const { source, target } of missing) {
    await rm(join(root, target), { force: true })
    await symlink(basename(source), join(root, target))
  }
}

async function share(native: string, name: string): Promise<string> {
  const target = join(sharedFolder, name)
  if (existsSync(target)) return target
  const staging = `${target}.${String(process.pid)}`
  await makeFolders(sharedFolder)
  await chmod(sharedFolder, 0o755)
  await cp(native, staging, { recursive: true, verbatimSymlinks: true })
  await openToAll(staging)
  try {
    await rename(staging, target)
  } catch (error) {
    await rm(staging, { recursive: true, force: true })
    // Another process was quicker with the same files.
    if (!existsSync(target)) throw error
  }
  return target
}

/** Readable by everyone, whatever the umask was when npm unpacked them. */
async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755)
  for (const name of await readdir(folder)) {
    const path = join(folder, name)
    const entry = await lstat(path)
    if (entry.isDirectory()) await openToAll(path)
    else if (entry.isFile()) await chmod(path, entry.mode & 0o100 ? 0o755 : 0o644)
  }
}
