import { open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Position } from '../follow/position.ts'

/** One value in one file. */
export interface FileStore<Value> {
  /** What was saved last; undefined while there is no file. @throws Error when the file cannot be read, or is no JSON */
  load(): Promise<Value | undefined>
  /** Resolves when the value is on the disk. A crash at any moment leaves the value before, or this one, whole. */
  save(value: Value): Promise<void>
}

/**
 * Keeps a value (JSON) in a file: by itself the position of one follower, or with `commit` your own effects and the
 * position together. One process at a time may use a file. Its folder has to exist.
 */
export function fileStore<Value = Position>(path: string): FileStore<Value> {
  let saving = Promise.resolve()
  return {
    async load() {
      try {
        return JSON.parse(await readFile(path, 'utf8')) as Value
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
        throw error
      }
    },
    save(value) {
      const text = JSON.stringify(value)
      const saved = saving.then(() => replaceFile(path, text))
      // Whoever asked for this one is told; the next one has its own try.
      saving = saved.catch(() => undefined)
      return saved
    },
  }
}

/** Written beside it and put in its place, each step on the disk before the next. */
async function replaceFile(path: string, text: string): Promise<void> {
  const fresh = `${path}.new`
  const file = await open(fresh, 'w', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(fresh, path)
  // Windows opens no folders; there a rename is on the disk when it returns.
  if (process.platform === 'win32') return
  const folder = await open(dirname(path), 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
