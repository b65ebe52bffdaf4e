/** A server of a target, as a process of its own that we end. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

export interface ServerProcess {
  pid: number
  /** ws:// URL of its inspector, where it was asked for one. */
  inspectorUrl: Promise<string>
  stop: () => Promise<void>
}

export interface ServerProcessOptions {
  command: string
  args: readonly string[]
  env?: Record<string, string>
  name: string
}

const stopMs = 15_000
/** A plain environment, the same for every server of every target. */
const environment = {
  NODE_ENV: 'production',
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
} as const

const running = new Set<ChildProcess>()
let isOver = false

/** Ends every server there is, and none begins any more: the bench is being broken off. */
export function endAllProcesses(): void {
  isOver = true
  for (const child of running) child.kill('SIGKILL')
}
process.once('exit', endAllProcesses)

/** In a session of its own, so that Ctrl-C in the terminal reaches us alone. What it complains of is shown. */
export function startProcess(options: ServerProcessOptions): ServerProcess {
  if (isOver) throw new Error('the bench is over')
  const { command, args, env = {}, name } = options
  const child = spawn(command, args, {
    env: { ...environment, ...env },
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  running.add(child)
  let stopping = false
  const ended = once(child, 'exit').finally(() => running.delete(child))
  const inspectorUrl = readErrors(child, name)
  void ended.then(
    ([code, signal]) => {
      if (!stopping && !isOver)
        process.stderr.write(`bench: ${name} ended by itself (${String(code ?? signal)})\n`)
    },
    (error: unknown) => process.stderr.write(`bench: ${name} did not start: ${String(error)}\n`),
  )
  return {
    get pid() {
      return child.pid ?? 0
    },
    inspectorUrl,
    async stop() {
      stopping = true
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGTERM')
      const late = setTimeout(() => child.kill('SIGKILL'), stopMs)
      await ended
      clearTimeout(late)
    },
  }
}

function readErrors(child: ChildProcess, name: string): Promise<string> {
  return new Promise((resolve) => {
    if (!child.stderr) return
    createInterface({ input: child.stderr }).on('line', (line) => {
      const url = /^Debugger listening on (ws:\S+)/.exec(line)?.[1]
      if (url !== undefined) return resolve(url)
      const isInspector = /^For help, see|^Debugger (attached|ending)|^Waiting for the debugger/
      if (!isInspector.test(line)) process.stderr.write(`[${name}] ${line}\n`)
    })
  })
}
