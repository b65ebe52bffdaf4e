import { startEmbeddedPostgres } from '../db/embedded.ts'
import { runSkein, type SkeinProcess } from '../server/testing/run-skein.ts'
import { makeTempFolder } from '../server/testing/temp-folder.ts'
import { startTestNats, type TestNats } from '../server/testing/test-nats.ts'

/** Where tests say from which address somebody calls: people at one address may not sign up by the dozen. */
export const addressHeader = 'x-test-address'

/** One `skein serve` as a process of its own. It keeps its address when it is killed and started again. */
export interface Instance {
  readonly url: string
  /** kill -9: no goodbye to anybody. */
  kill: () => Promise<void>
  start: () => Promise<void>
}

/** Two instances on one Postgres, with a nats-server between them. */
export interface Cluster {
  readonly instances: readonly [Instance, Instance]
  readonly nats: TestNats
  readonly databaseUrl: string
  close: () => Promise<void>
}

/** Starts the built server twice, as in production. */
export async function startCluster(): Promise<Cluster> {
  const folder = await makeTempFolder()
  const postgres = await startEmbeddedPostgres({ dataDir: folder.path })
  const nats = await startTestNats()
  const env = {
    DATABASE_URL: postgres.url,
    NATS_URL: nats.url,
    CLIENT_ADDRESS_HEADER: addressHeader,
    STOP_TIMEOUT: '2',
  }
  const first = await startInstance(env)
  const second = await startInstance(env)
  return {
    instances: [first, second],
    nats,
    databaseUrl: postgres.url,
    async close() {
      await Promise.all([first.kill(), second.kill()])
      await nats.stop()
      await postgres.close()
      await folder.remove()
    },
  }
}

async function startInstance(env: Record<string, string>): Promise<Instance> {
  let port = '0'
  let running: SkeinProcess | null = null
  async function start(): Promise<string> {
    if (running) return ''
    running = runSkein(['serve'], { ...env, PORT: port })
    const [, url = ''] = await running.said(/"url":"(http[^"]+)"/)
    return url
  }
  const url = await start()
  port = new URL(url).port
  return {
    url,
    async start() {
      await start()
    },
    async kill() {
      running?.child.kill('SIGKILL')
      await running?.ended
      running = null
    },
  }
}
