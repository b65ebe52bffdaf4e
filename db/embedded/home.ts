import { randomBytes } from 'node:crypto'
import {
  chmod,
  chown,
  mkdir,
  readdir,
  readFile,
  realpath,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { chooseAccount, mayEnter, type Account } from './account.ts'
import { sharedFolder } from './binaries.ts'
import { EmbeddedPostgresError, folderError } from './embedded-postgres-error.ts'
import { makeFolders } from './make-folders.ts'

/** The folder that belongs to Postgres alone, mode 700: the cluster, and the password that opens it. */
export interface Home {
  folder: string
  cluster: string
  passwordFile: string
  account: Account | undefined
  /** The cluster's major version; undefined: it has yet to be made. */
  major: string | undefined
}

/** Makes sure that the data folder exists and that its owner, at least, may use it. */
export async function openDataDir(dataDir: string): Promise<string> {
  const path = resolve(dataDir)
  try {
    const isNew = await makeFolders(path)
    const root = process.getuid?.() === 0
    // Others may pass through (the Postgres account has to, when we are root), and not look around.
    if (isNew) await chmod(path, root ? 0o711 : 0o700)
    const there = await stat(path)
    if (!there.isDirectory()) throw Object.assign(new Error(), { code: 'EEXIST' })
    // Root could get past these bits; who set them meant them.
    if ((there.mode & 0o700) !== 0o700) {
      throw new EmbeddedPostgresError(
        `the data folder ${path} is closed (mode ${(there.mode & 0o777).toString(8).padStart(3, '0')}): ` +
          'chmod u+rwx it, or choose another one with DATA_DIR',
      )
    }
    await readdir(path)
    return await realpath(path)
  } catch (error) {
    throw folderError(path, error)
  }
}

/** Finds or makes the home of Postgres in the data folder, and the account that it runs as. */
export async function openHome(dataDir: string, notice: (line: string) => void): Promise<Home> {
  const link = join(dataDir, 'postgres')
  try {
    const owner = await statIfThere(link)
    const account = chooseAccount(owner)
    if (owner === undefined) await makeHome(link, account, notice)
    const folder = await realpath(link)
    // Made by root and never handed over: the start that made it was killed in between.
    if (account !== undefined && owner?.uid === 0) await chown(folder, account.uid, account.gid)
    if (!mayEnter(account, folder)) {
      throw new EmbeddedPostgresError(
        `the database's folder ${folder} is closed to the user it belongs to: a folder above it may not be entered`,
      )
    }
    return await describeHome(folder, account)
  } catch (error) {
    throw folderError(link, error)
  }
}

/** Finds the home that somebody else has made, changing nothing. */
export async function findHome(dataDir: string): Promise<Home | undefined> {
  const link = join(dataDir, 'postgres')
  try {
    if ((await statIfThere(link)) === undefined) return undefined
    return await describeHome(await realpath(link), undefined)
  } catch (error) {
    throw folderError(link, error)
  }
}

async function describeHome(folder: string, account: Account | undefined): Promise<Home> {
  const cluster = join(folder, 'data')
  const passwordFile = join(folder, 'password')
  return { folder, cluster, passwordFile, account, major: await readMajor(cluster) }
}

async function statIfThere(path: string): Promise<Account | undefined> {
  try {
    return await stat(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

/**
 * In a private home of root (a checkout under /root) the Postgres account cannot reach the data folder. Opening the
 * folders above would change the machine's permissions, so the database goes to /var/lib, with a link to it.
 */
async function makeHome(
  link: string,
  account: Account | undefined,
  notice: (line: string) => void,
): Promise<void> {
  let folder = link
  if (!mayEnter(account, dirname(link))) {
    folder = join(sharedFolder, `data-${randomBytes(6).toString('hex')}`)
    notice(
      `the user that Postgres runs as may not enter ${dirname(link)}: the database goes to ${folder}`,
    )
    await makeFolders(sharedFolder)
    await chmod(sharedFolder, 0o755)
  }
  await mkdir(folder, { mode: 0o700 })
  if (account !== undefined) await chown(folder, account.uid, account.gid)
  if (folder !== link) await symlink(folder, link)
}

async function readMajor(cluster: string): Promise<string | undefined> {
  const names = await statIfThere(cluster).then((there) => (there ? readdir(cluster) : []))
  if (names.length === 0) return undefined
  if (!names.includes('PG_VERSION')) {
    throw new EmbeddedPostgresError(`${cluster} holds something, but not a Postgres database`)
  }
  return (await readFile(join(cluster, 'PG_VERSION'), 'utf8')).trim()
}

/** The password of the database, made at random the first time. */
export async function openPassword(home: Home): Promise<string> {
  if (home.major === undefined) {
    const password = randomBytes(24).toString('base64url')
    await writeFile(home.passwordFile, password, { mode: 0o600 })
    if (home.account) await chown(home.passwordFile, home.account.uid, home.account.gid)
    return password
  }
  try {
    return (await readFile(home.passwordFile, 'utf8')).trim()
  } catch (error) {
    throw new EmbeddedPostgresError(
      `the database's password cannot be read from ${home.passwordFile}: put the file back from a backup`,
      { cause: error },
    )
  }
}
