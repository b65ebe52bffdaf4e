import { readdir, readFile } from 'node:fs/promises'

/** A process and everything it started that still lives, by /proc; the oldest first. */
export async function processTree(root: number): Promise<number[]> {
  const names = await readdir('/proc')
  const parents = new Map<number, number>()
  for (const name of names) {
    if (!/^\d+$/.test(name)) continue
    const parent = await parentOf(Number(name))
    if (parent !== null) parents.set(Number(name), parent)
  }
  const tree = [root]
  for (const pid of tree)
    for (const [child, parent] of parents) if (parent === pid) tree.push(child)
  return tree
}

async function parentOf(pid: number): Promise<number | null> {
  try {
    const status = await readFile(`/proc/${pid}/status`, 'utf8')
    const [, parent] = /^PPid:\t(\d+)$/m.exec(status) ?? []
    return parent === undefined ? null : Number(parent)
  } catch (error) {
    // It ended while we looked.
    const gone =
      error instanceof Error && 'code' in error && ['ENOENT', 'ESRCH'].includes(String(error.code))
    if (gone) return null
    throw error
  }
}
