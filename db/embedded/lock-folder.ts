import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'

/** BSD and macOS lock a file while opening it. */
const exclusiveLock = 0x20

export interface FolderLock {
  release: () => Promise<void>
}

/**
 * Makes this process the only holder of `folder`, or answers undefined when another one holds it. The kernel keeps
 * the lock, so it ends with the process, however that ends: there is no stale lock file to judge.
 */
export async function lockFolder(folder: string): Promise<FolderLock | undefined> {
  if (process.platform !== 'linux') return lockFile(join(folder, '.lock'))
  const { dev, ino } = await stat(folder, { bigint: true })
  const name = createHash('sha256').update(`${dev}:${ino}`).digest('hex').slice(0, 32)
  return lockName(`\0skein-data-${name}`)
}

/** A socket in Linux's abstract namespace: taken atomically, gone with its process, no file anywhere. */
function lockName(path: string): Promise<FolderLock | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((connection) => connection.destroy())
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined)
      else reject(error)
    })
    server.listen({ path }, () => {
      server.unref()
      resolve({ release: () => new Promise((done) => server.close(() => done())) })
    })
  })
}

async function lockFile(path: string): Promise<FolderLock | undefined> {
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_NONBLOCK | exclusiveLock
  try {
    const handle = await open(path, flags, 0o600)
    return { release: () => handle.close() }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return undefined
    throw error
  }
}
