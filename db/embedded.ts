/**
 * The Postgres that comes with Skein, for machines that have none. Its life is bound to ours:
 *
 * - one process at a time owns a data folder; the kernel holds the lock, so a crash cannot leave it locked;
 * - it runs in a session of its own, so that Ctrl-C reaches only us and we stop it last, fast and with a checkpoint;
 * - if we are killed, it lives on; the next start finds it, stops it cleanly and starts anew;
 * - it listens on 127.0.0.1 on a free port, with a random password kept beside the data.
 *
 * Layout: DATA_DIR/postgres/{data,password}.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { findBinaries } from './embedded/binaries.ts'
import { createCluster } from './embedded/create-cluster.ts'
import { databaseUrl, ensureDatabase } from './embedded/database-url.ts'
import { EmbeddedPostgresError } from './embedded/embedded-postgres-error.ts'
import { findHome, openDataDir, openHome, openPassword, type Home } from './embedded/home.ts'
import { lockFolder, type FolderLock } from './embedded/lock-folder.ts'
import { isPostmaster, readPostmasterFile, stopPostmaster } from './embedded/postmaster.ts'
import { runPostgres } from './embedded/run-postgres.ts'
import { supervise } from './embedded/supervise.ts'

export interface EmbeddedPostgresOptions {
  dataDir: string
  /** Gets what Postgres says, line by line. */
  log?: (line: string) => void
  /** Gets what an operator should know: where the data went, what was cleaned up. */
  notice?: (line: string) => void
  /** Use the Postgres of the process that has this folder open, if there is one, instead of refusing. */
  join?: boolean
  /** More settings for postgresql.conf. */
  settings?: Record<string, string>
  /** Postgres ended without `close()`: nothing works any more. */
  onExit?: () => void
}

export interface EmbeddedPostgres {
  url: string
  pid: number
  /** Stops Postgres and waits until its files are at rest (or leaves it to its owner, when we had joined). */
  close: () => Promise<void>
}

type Settled = Required<Omit<EmbeddedPostgresOptions, 'dataDir' | 'join'>>

const lockPatience = 3_000
const joinPatience = 30_000

/**
 * Starts the embedded Postgres on `dataDir`, making it first if it is not there.
 * @throws EmbeddedPostgresError with one line that says why not: folder unreadable or in use, other version, …
 */
export async function startEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  if (process.platform === 'win32') {
    throw new EmbeddedPostgresError(
      'the embedded Postgres does not run on Windows: use WSL, or set DATABASE_URL',
    )
  }
  const dataDir = await openDataDir(options.dataDir)
  const deadline = Date.now() + (options.join ? joinPatience : lockPatience)
  for (;;) {
    const dataLock = await lockFolder(dataDir)
    if (dataLock !== undefined) return startLocked(dataDir, dataLock, settle(options))
    const running = options.join ? await findRunning(dataDir) : undefined
    if (running !== undefined) return running
    if (Date.now() >= deadline) {
      throw new EmbeddedPostgresError(
        `the data folder ${dataDir} is in use by another Skein: stop that one, or give this one its own DATA_DIR`,
      )
    }
    // One that is just stopping lets go in a moment; one that is just starting is soon ready for guests.
    await sleep(100)
  }
}

function settle(options: EmbeddedPostgresOptions): Settled {
  const nothing = () => undefined
  const { log = nothing, notice = nothing, settings = {}, onExit = nothing } = options
  return { log, notice, settings, onExit }
}

async function startLocked(
  dataDir: string,
  dataLock: FolderLock,
  options: Settled,
): Promise<EmbeddedPostgres> {
  try {
    const home = await openHome(dataDir, options.notice)
    // A second lock: two data folders may link to one home, when one was copied.
    const homeLock = await lockFolder(home.folder)
    if (homeLock === undefined) {
      throw new EmbeddedPostgresError(
        `the database ${home.folder} is in use through another data folder`,
      )
    }
    try {
      const { url, pid, stop } = await startHome(home, options)
      const close = () => stop().then(homeLock.release).then(dataLock.release)
      return { url, pid, close }
    } catch (error) {
      await homeLock.release()
      throw error
    }
  } catch (error) {
    await dataLock.release()
    throw error
  }
}

async function startHome(home: Home, options: Settled) {
  const { child, port, password } = await startServer(home, options)
  const stop = supervise(child, options.notice, options.onExit)
  try {
    const url = databaseUrl(password, port)
    await ensureDatabase(url)
    return { url, pid: child.pid ?? 0, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function startServer(home: Home, { settings, log, notice }: Settled) {
  const binaries = await findBinaries(home.account)
  if (home.major !== undefined && home.major !== binaries.major) {
    throw new EmbeddedPostgresError(
      `the database in ${home.folder} was made by Postgres ${home.major}, this Skein brings Postgres ` +
        `${binaries.major}: dump it with the Skein that made it and load it here, or choose another DATA_DIR`,
    )
  }
  const password = await openPassword(home)
  if (home.major === undefined) await createCluster(binaries, home)
  const strangerPid = await clearLeftovers(home, notice)
  const running = await runPostgres({ binaries, home, strangerPid, settings, log })
  return { ...running, password }
}

/** Stops a Postgres that a killed Skein left behind; answers with the pid of a stranger that has its number now. */
async function clearLeftovers(
  home: Home,
  notice: (line: string) => void,
): Promise<number | undefined> {
  const left = await readPostmasterFile(home.cluster)
  if (left === undefined) return undefined
  if (!(await isPostmaster(left.pid, home.cluster))) return left.pid
  notice(`stopping the Postgres that a killed Skein left running (process ${left.pid})`)
  await stopPostmaster(left.pid, home.cluster)
  return undefined
}

/** The Postgres of the Skein that has the folder open, once it takes connections. Closing it is not ours. */
async function findRunning(dataDir: string): Promise<EmbeddedPostgres | undefined> {
  const home = await findHome(dataDir)
  if (home?.major === undefined) return undefined
  const running = await readPostmasterFile(home.cluster)
  if (!running?.ready || !(await isPostmaster(running.pid, home.cluster))) return undefined
  const url = databaseUrl(await openPassword(home), running.port)
  await ensureDatabase(url)
  return { url, pid: running.pid, close: () => Promise.resolve() }
}
