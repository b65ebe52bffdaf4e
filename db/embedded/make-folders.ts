import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Makes `folder` and those above it that are missing; true when it was not there. Node's own `recursive: true` never
 * returns for a folder below /proc, where making one answers ENOENT although everything above is there.
 */
export async function makeFolders(folder: string): Promise<boolean> {
  try {
    await mkdir(folder)
    return true
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'EEXIST') return false
    if (code !== 'ENOENT' || !(await makeFolders(dirname(folder)))) throw error
    await mkdir(folder)
    return true
  }
}
