import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type * as migrating from '../../../db/migrate.ts'
import type * as flags from '../../../server/node-flags.ts'
import { poolSize, type Ground } from '../../ground/ground.ts'
import { findFreePort } from '../../../server/testing/free-port.ts'
import { startProcess } from '../../ground/server-process.ts'
import { world, type Instance, type PrepareOptions, type Target } from '../target.ts'
import type * as filling from './fill-world.ts'
import type { SkeinWorld, WorldSize } from './fill-world.ts'
import { SkeinConnection } from './skein-connection.ts'

const here = fileURLToPath(new URL('../../..', import.meta.url))
const readyMs = 60_000

/** (d): the product, `skein serve` in production mode, with everything it promises. */
export function prepareSkein(
  options: PrepareOptions,
  size: Partial<WorldSize> = {},
): Promise<Target> {
  return prepareCheckout('skein', here, options, size)
}

/** The same of another checkout, built as this one; its own code makes its tables. */
export function prepareBefore(root: string, options: PrepareOptions): Promise<Target> {
  return prepareCheckout('before', resolve(root), options, {})
}

async function prepareCheckout(
  name: 'skein' | 'before',
  root: string,
  { ground, historyMessages, suffix = '' }: PrepareOptions,
  size: Partial<WorldSize>,
): Promise<Target> {
  if (!existsSync(join(root, 'build/server/index.js')))
    throw new Error(
      `the web app is not built, and \`skein serve\` wants it: npm run build (${name})`,
    )
  const load = (file: string): Promise<unknown> => import(pathToFileURL(join(root, file)).href)
  const { migrate } = (await load('db/migrate.ts')) as typeof migrating
  const { nodeFlags: usualFlags } = (await load('server/node-flags.ts')) as typeof flags
  const { fillWorld } = (await load('bench/targets/skein/fill-world.ts')) as typeof filling
  const databaseName = `bench_${name}${suffix}`
  const databaseUrl = await ground.createDatabase(databaseName)
  await migrate(databaseUrl)
  const { people, smallThreads, membersOfSmall } = world
  const usual = { people, smallThreads, membersOfSmall, historyMessages, historyInLog: false }
  const filled: SkeinWorld = await fillWorld(ground, databaseUrl, { ...usual, ...size })
  return {
    name,
    databaseName,
    canResume: true,
    startInstance: (nodeFlags) =>
      startSkein(root, ground, databaseUrl, [...usualFlags, ...nodeFlags]),
    connect: ({ port }, person, options) => new SkeinConnection(port, filled, person, options),
  }
}

async function startSkein(
  root: string,
  ground: Ground,
  databaseUrl: string,
  nodeFlags: readonly string[],
): Promise<Instance> {
  const port = await findFreePort()
  const opsPort = await findFreePort()
  const started = startProcess({
    name: 'skein',
    command: process.execPath,
    // As `npm start` and the image do.
    args: [...nodeFlags, join(root, 'server/main.ts'), 'serve'],
    env: {
      PORT: String(port),
      OPS_PORT: String(opsPort),
      DATABASE_URL: databaseUrl,
      DATABASE_POOL: String(poolSize),
      NATS_URL: ground.natsUrl,
      // The generator is a few people who send for thousands.
      CALLS_PER_SECOND: '1000000',
      DATA_DIR: join(ground.folder, new URL(databaseUrl).pathname),
      LOG_LEVEL: 'error',
      STOP_TIMEOUT: '5',
    },
  })
  for (const deadline = Date.now() + readyMs; Date.now() < deadline; await sleep(50)) {
    const isReady = await fetch(`http://127.0.0.1:${opsPort}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (isReady) return { port, process: started }
  }
  await started.stop()
  throw new Error('an instance of Skein did not become ready within a minute')
}
