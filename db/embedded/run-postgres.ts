import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { plainEnvironment } from './account.ts'
import type { Binaries } from './binaries.ts'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'
import type { Home } from './home.ts'

const settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '100',
  synchronous_commit: 'on',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
  log_checkpoints: 'off',
  // Short queries only: compiling them costs more than running them.
  jit: 'off',
}

export interface RunOptions {
  binaries: Binaries
  home: Home
  /** A process that postmaster.pid names and that is no Postgres. */
  strangerPid: number | undefined
  settings: Record<string, string>
  log: (line: string) => void
}

/** Another process was quicker with the port, or the last helpers of a killed Postgres are still leaving. */
const passing = /could not bind|Address already in use|shared memory block .* is still in use/

/** Starts Postgres and waits until it takes connections. */
export async function runPostgres(
  options: RunOptions,
): Promise<{ child: ChildProcess; port: number }> {
  for (let attempt = 1; ; attempt++) {
    const port = await findFreePort()
    const { child, failure } = await attemptStart(options, port)
    if (failure === undefined) return { child, port }
    if (attempt === 10 || !passing.test(failure)) {
      throw new EmbeddedPostgresError(`the embedded Postgres did not start: ${failure}`)
    }
    await sleep(200)
  }
}

async function attemptStart(
  { binaries, home, strangerPid, settings: more, log }: RunOptions,
  port: number,
): Promise<{ child: ChildProcess; failure?: string }> {
  const flags = Object.entries({ ...settings, ...more, port: String(port) }).flatMap(
    ([name, value]) => ['-c', `${name}=${value}`],
  )
  const child = spawn(binaries.postgres, ['-D', home.cluster, ...flags], {
    ...home.account,
    cwd: '/',
    // Postgres takes any live process of that number for a rival, unless told that it is family.
    env: { ...plainEnvironment, ...(strangerPid && { PG_GRANDPARENT_PID: String(strangerPid) }) },
    // A session of its own: Ctrl-C in the terminal reaches us alone, and we stop it after our last query.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let complaint = ''
  const ready = new Promise<undefined>((resolve) => {
    createInterface({ input: child.stderr }).on('line', (line) => {
      log(line)
      if (/FATAL:|could not bind|error while loading/.test(line))
        complaint ||= line.replace(/^.*?FATAL:\s*/, '')
      if (line.includes('ready to accept connections')) resolve(undefined)
    })
  })
  const failed = once(child, 'close').then(
    ([code, signal]) => complaint || `it ended at once (${String(code ?? signal)})`,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  )
  const failure = await Promise.race([ready, failed])
  return failure === undefined ? { child } : { child, failure }
}

async function findFreePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
