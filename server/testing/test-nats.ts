import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { findFreePort } from './free-port.ts'

export interface TestNats {
  url: string
  port: number
  /** Of the running server; undefined while it is stopped. */
  pid: number | undefined
  /** Ends it and waits for its end. */
  stop: () => Promise<void>
  /** Starts it again on the same port. @param args further ones of nats-server */
  start: (args?: readonly string[]) => Promise<void>
  /** SIGSTOP freezes it, SIGCONT thaws it, SIGKILL is a crash. */
  kill: (signal: NodeJS.Signals) => void
}

/** A real nats-server on a free loopback port. */
export async function startTestNats(options: { port?: number } = {}): Promise<TestNats> {
  const port = options.port ?? (await findFreePort())
  let child: ChildProcess | undefined

  async function start(args: readonly string[] = []): Promise<void> {
    if (child?.exitCode === null && child.signalCode === null) return
    const where = ['--addr', '127.0.0.1', '--port', String(port)]
    const started = spawn('nats-server', [...where, ...args], {
      stdio: 'ignore',
      env: {
        NODE_ENV: 'test',
        PATH: '/usr/local/bin:/usr/local/sbin:/usr/bin:/usr/sbin:/opt/homebrew/bin',
      },
    })
    child = started
    const failed = once(started, 'exit').then(([code, signal]) => {
      throw new Error(`nats-server ended on port ${port} (${String(code ?? signal)})`)
    })
    await Promise.race([untilItListens(port), failed])
    failed.catch(() => undefined)
  }

  async function stop(): Promise<void> {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    // A frozen process takes no other signal until it is thawed.
    child.kill('SIGCONT')
    child.kill('SIGTERM')
    await ended
  }

  await start()
  return {
    url: `nats://127.0.0.1:${port}`,
    port,
    get pid() {
      return child?.exitCode === null && child.signalCode === null ? child.pid : undefined
    },
    stop,
    start,
    kill: (signal) => child?.kill(signal),
  }
}

async function untilItListens(port: number): Promise<void> {
  for (const deadline = Date.now() + 10_000; Date.now() < deadline; await sleep(10)) {
    const socket = connect({ host: '127.0.0.1', port })
    const answered = await once(socket, 'data').then(
      () => true,
      () => false,
    )
    socket.destroy()
    if (answered) return
  }
  throw new Error(`nats-server does not answer on port ${port}`)
}
