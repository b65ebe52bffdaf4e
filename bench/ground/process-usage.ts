/** What the kernel says about processes: CPU time to the microsecond where it keeps that, and memory. */
import { readdir, readFile } from 'node:fs/promises'

/** Seconds of CPU that these processes, all their threads, have used. */
export async function cpuSeconds(pids: readonly number[]): Promise<number> {
  const each = await Promise.all(pids.map(processSeconds))
  return each.reduce((sum, seconds) => sum + seconds, 0)
}

/** Bytes of resident memory. */
export async function residentBytes(pids: readonly number[]): Promise<number> {
  const each = await Promise.all(
    pids.map(async (pid) => {
      const status = await readFile(`/proc/${pid}/status`, 'utf8')
      return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) * 1024
    }),
  )
  return each.reduce((sum, bytes) => sum + bytes, 0)
}

/** Seconds of CPU of a process and its children, those that have ended included: Postgres with its backends. */
export async function familySeconds(pid: number): Promise<number> {
  const own = await statSeconds(pid, true)
  const others = await Promise.all(
    (await readdir('/proc'))
      .filter((name) => /^\d+$/.test(name))
      .map(async (name) => {
        const stat = await readStat(Number(name))
        return stat?.[1] === String(pid) ? secondsOf(stat, false) : 0
      }),
  )
  return others.reduce((sum, seconds) => sum + seconds, own)
}

/** Threads that have ended are missing from the exact figure; servers do not end theirs while they serve. */
async function processSeconds(pid: number): Promise<number> {
  try {
    const threads = await readdir(`/proc/${pid}/task`)
    const each = await Promise.all(
      threads.map(async (thread) => {
        const sched = await readFile(`/proc/${pid}/task/${thread}/sched`, 'utf8')
        return Number(/^se\.sum_exec_runtime\s*:\s*([\d.]+)/m.exec(sched)?.[1] ?? NaN)
      }),
    )
    const milliseconds = each.reduce((sum, value) => sum + value, 0)
    if (Number.isFinite(milliseconds)) return milliseconds / 1_000
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
  }
  return statSeconds(pid, false)
}

async function statSeconds(pid: number, withChildren: boolean): Promise<number> {
  const stat = await readStat(pid)
  if (!stat) throw new Error(`process ${pid} is gone`)
  return secondsOf(stat, withChildren)
}

function secondsOf(stat: readonly string[], withChildren: boolean): number {
  const ticks = withChildren ? [11, 12, 13, 14] : [11, 12]
  return ticks.reduce((sum, place) => sum + Number(stat[place]), 0) / 100
}

/** The fields of /proc/PID/stat after the name; undefined when the process has ended. */
async function readStat(pid: number): Promise<string[] | undefined> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT' || code === 'ESRCH') return undefined
    throw error
  }
}
