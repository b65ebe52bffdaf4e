import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

export interface Child {
  process: ChildProcess
  /** Settles when it has ended, with how. */
  ended: Promise<string>
  /** Asks it to stop and waits until it has. */
  stop: () => Promise<void>
}

/**
 * Starts a program whose life is ours to end: in a group of its own, so that Ctrl-C in the terminal reaches us alone.
 * With a label, each of its lines is shown after it.
 */
export function startChild(
  command: string,
  args: string[],
  options: { env?: NodeJS.ProcessEnv; label?: string } = {},
): Child {
  const { env = process.env, label } = options
  const stdio = label === undefined ? 'inherit' : 'pipe'
  const child = spawn(command, args, { env, detached: true, stdio: ['ignore', stdio, stdio] })
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue
    createInterface({ input: stream }).on('line', (line) => console.log(`${label ?? ''} ${line}`))
  }
  const kill = () => child.kill('SIGTERM')
  process.once('exit', kill)
  const ended = once(child, 'exit')
    .then(
      ([code, signal]) => (signal === null ? `exit code ${String(code)}` : String(signal)),
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    )
    .finally(() => process.off('exit', kill))
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
    await ended
  }
  return { process: child, ended, stop }
}

/** Resolves at the first Ctrl-C or request to stop. npm passes signals on, so each may arrive twice: once is enough. */
export function stopRequested(): Promise<void> {
  return new Promise((resolve) => {
    process.on('SIGINT', resolve)
    process.on('SIGTERM', resolve)
  })
}
