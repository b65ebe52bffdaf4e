import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'

const stopPatience = 60_000

/**
 * Watches over a running Postgres. The answer stops it fast, with a checkpoint, and waits for the end; called again,
 * it gives the same promise.
 * @param onExit called when Postgres ends without having been stopped
 */
export function supervise(
  child: ChildProcess,
  notice: (line: string) => void,
  onExit: () => void,
): () => Promise<void> {
  let stopping: Promise<void> | undefined
  // The last resort of a process that ends without stopping it: Postgres goes by itself after this signal.
  const stopAtExit = () => child.kill('SIGINT')
  process.once('exit', stopAtExit)
  const ended = once(child, 'exit').then(() => {
    process.off('exit', stopAtExit)
    if (stopping === undefined) onExit()
  })

  async function stop(): Promise<void> {
    child.kill('SIGINT')
    const timer = new AbortController()
    const late = sleep(stopPatience, true, { signal: timer.signal }).catch(() => false)
    const isLate = await Promise.race([ended.then(() => false), late])
    timer.abort()
    if (!isLate) return
    notice('Postgres does not stop: cutting it off, it will recover at the next start')
    child.kill('SIGQUIT')
    await ended
  }
  return () => (stopping ??= stop())
}
