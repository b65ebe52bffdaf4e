/** What can be known, from outside, of the Postgres process that has a data folder open. */
import { spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'

export interface Postmaster {
  pid: number
  port: number
  ready: boolean
}

/** What postmaster.pid says; it may be left over from a process that was killed. */
export async function readPostmasterFile(cluster: string): Promise<Postmaster | undefined> {
  let content: string
  try {
    content = await readFile(join(cluster, 'postmaster.pid'), 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
  const lines = content.split('\n').map((line) => line.trim())
  return { pid: Number(lines[0]), port: Number(lines[3]), ready: lines[7] === 'ready' }
}

/** Is this process a Postgres on that very data folder, rather than a stranger that got a reused pid? */
export async function isPostmaster(pid: number, cluster: string): Promise<boolean> {
  const command = await commandOf(pid)
  return command.includes('postgres') && command.includes(cluster)
}

async function commandOf(pid: number): Promise<string> {
  if (process.platform !== 'linux') {
    return spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout
  }
  try {
    return (await readFile(`/proc/${String(pid)}/cmdline`, 'utf8')).replaceAll('\0', ' ')
  } catch (error) {
    // ESRCH: it ended between open and read.
    const gone =
      error instanceof Error && 'code' in error && ['ENOENT', 'ESRCH'].includes(String(error.code))
    if (gone) return ''
    throw error
  }
}

/**
 * Stops a Postgres whose Skein was killed, the way Skein itself would have: fast, with a checkpoint, so that nothing
 * has to be recovered. Only after a minute is it cut off, which costs a recovery and no data.
 */
export async function stopPostmaster(pid: number, cluster: string): Promise<void> {
  for (const [signal, patience] of [
    ['SIGINT', 60_000],
    ['SIGQUIT', 10_000],
  ] as const) {
    if (!(await isPostmaster(pid, cluster))) return
    process.kill(pid, signal)
    const deadline = Date.now() + patience
    while (Date.now() < deadline) {
      await sleep(20)
      if (!(await isPostmaster(pid, cluster))) return
    }
  }
  throw new EmbeddedPostgresError(
    `a Postgres from before (process ${pid}) does not stop: end it by hand and start again`,
  )
}
