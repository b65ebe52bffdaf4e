/**
 * `npm run cluster [-- --instances 3]`: one Postgres, one nats-server, several instances as processes of their own, and
 * a proxy in front that deals connections out in turn. PORT is the proxy's, the instances have the ones after it.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { nodeFlags } from '../server/node-flags.ts'
import { findFreePort } from '../server/testing/free-port.ts'
import { startChild, stopRequested, type Child } from './child.ts'
import { openOwnDatabase } from './own-database.ts'
import { startRoundRobin } from './round-robin.ts'
import { ensureWebBuild } from './web-build.ts'

const main = fileURLToPath(new URL('../server/main.ts', import.meta.url))
const pool = Number(process.env.DATABASE_POOL ?? 10)

function fail(line: string): never {
  console.error(`skein: ${line}`)
  process.exit(1)
}

const { values } = parseArgs({ options: { instances: { type: 'string', default: '2' } } })
const count = Number(values.instances)
if (!Number.isInteger(count) || count < 1) fail('--instances takes a number from 1 up')
if (spawnSync('nats-server', ['--version']).error) {
  fail(
    'nats-server is not installed: `apt-get install nats-server` on Debian, `brew install nats-server` on macOS',
  )
}

const stop = stopRequested()
await ensureWebBuild()
const port = Number(process.env.PORT ?? 3000)
const ports = Array.from({ length: count }, (_, index) => port + 1 + index)
const proxy = await startRoundRobin(port, '127.0.0.1', ports).catch((error: unknown) =>
  fail(`the proxy cannot listen on port ${port} (${String(error)}): set PORT to a free one`),
)
const database = await openOwnDatabase({
  max_connections: String(Math.max(100, count * pool + 30)),
})
const natsPort = await findFreePort()
const nats = startChild('nats-server', ['--addr', '127.0.0.1', '--port', String(natsPort)], {
  label: '[nats]',
})

const instances: Child[] = []

async function startInstance(instancePort: number, number: number): Promise<void> {
  const opsPort = await findFreePort()
  const instance = startChild(process.execPath, [...nodeFlags, main, 'serve'], {
    label: `[${number}]`,
    env: {
      ...process.env,
      PORT: String(instancePort),
      HOST: '127.0.0.1',
      OPS_PORT: String(opsPort),
      OPS_HOST: '127.0.0.1',
      DATABASE_URL: database.url,
      DATABASE_POOL: String(pool),
      NATS_URL: `nats://127.0.0.1:${natsPort}`,
    },
  })
  instances.push(instance)
  void instance.ended.then((how) => console.log(`[${number}] ended: ${how}`))
  const ended = instance.ended.then(() => {
    throw new Error(`instance ${number} did not start (see above)`)
  })
  ended.catch(() => undefined)
  await Promise.race([untilReady(`http://127.0.0.1:${opsPort}/readyz`), ended])
}

async function untilReady(url: string): Promise<void> {
  while (!(await fetch(url).catch(() => undefined))?.ok) await sleep(100)
}

async function run(): Promise<void> {
  // One after another: the first one migrates.
  for (const [index, each] of ports.entries()) await startInstance(each, index + 1)
  console.log(`\nSkein runs ${count} times. In turn: http://localhost:${port}`)
  for (const [index, each] of ports.entries()) {
    console.log(`  instance ${index + 1}: http://localhost:${each}`)
  }
  console.log('Ctrl-C stops everything.\n')
  await Promise.all(instances.map(({ ended }) => ended))
  throw new Error('no instance is left: stopping')
}

void nats.ended.then((how) => console.log(`[nats] ended: ${how}`))
let exitCode = 0
try {
  await Promise.race([stop, run()])
} catch (error) {
  console.error(`skein: ${error instanceof Error ? error.message : String(error)}`)
  exitCode = 1
}
proxy.close()
await Promise.all(instances.map((instance) => instance.stop()))
await nats.stop()
await database.close()
process.exit(exitCode)
