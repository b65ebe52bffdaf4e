/** What all targets stand on: one Postgres, one nats-server, one Redis, and a folder that is gone afterwards. */
import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { startEmbeddedPostgres } from '../../db/embedded.ts'
import { findFreePort } from '../../server/testing/free-port.ts'
import { untilPortAnswers } from './ports.ts'
import { startProcess } from './server-process.ts'

export interface Ground {
  folder: string
  postgresPid: number
  natsUrl: string
  natsPid: number
  redisUrl: string | null
  redisPid: number | null
  /** Makes a database, of a template where one is given. @returns its URL. */
  createDatabase: (name: string, template?: string) => Promise<string>
  /** A connection as the database's owner, to look around; ours to end. */
  connect: (databaseUrl?: string) => Promise<pg.Client>
}

/** Connections of one instance to Postgres, for every target. */
export const poolSize = 20

const settings = {
  max_connections: '300',
  synchronous_commit: 'on',
  // A checkpoint in the middle of one target's turn would be its bad luck.
  max_wal_size: '8GB',
  checkpoint_timeout: '1h',
}

/** @param opened takes what has to be undone, in reverse. */
export async function openGround(
  opened: AsyncDisposableStack,
  { withRedis }: { withRedis: boolean },
): Promise<Ground> {
  const folder = await mkdtemp(join(tmpdir(), 'skein-bench-'))
  opened.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))
  await chmod(folder, 0o711)
  const postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'data'), settings })
  opened.defer(() => postgres.close())
  const natsPort = await findFreePort()
  const nats = startProcess({
    name: 'nats-server',
    command: 'nats-server',
    args: ['--addr', '127.0.0.1', '--port', String(natsPort), '--log', join(folder, 'nats.log')],
  })
  opened.defer(() => nats.stop())
  await untilPortAnswers(natsPort, 'nats-server')
  const redis = withRedis ? await startRedis(opened, folder) : null
  const connect = async (databaseUrl = postgres.url) => {
    const client = new pg.Client({ connectionString: databaseUrl })
    await client.connect()
    return client
  }
  return {
    folder,
    postgresPid: postgres.pid,
    natsUrl: `nats://127.0.0.1:${natsPort}`,
    natsPid: nats.pid,
    redisUrl: redis?.url ?? null,
    redisPid: redis?.pid ?? null,
    connect,
    async createDatabase(name, template) {
      const client = await connect()
      const from = template === undefined ? '' : ` template ${pg.escapeIdentifier(template)}`
      await client.query(`create database ${pg.escapeIdentifier(name)}${from}`)
      await client.end()
      const url = new URL(postgres.url)
      url.pathname = `/${name}`
      return url.href
    },
  }
}

async function startRedis(
  opened: AsyncDisposableStack,
  folder: string,
): Promise<{ url: string; pid: number }> {
  const port = await findFreePort()
  const password = randomBytes(12).toString('hex')
  // A doorbell between two instances: nothing of it is written to the disk.
  const args = ['--bind', '127.0.0.1', '--port', String(port), '--requirepass', password]
  const redis = startProcess({
    name: 'redis-server',
    command: 'redis-server',
    args: [...args, '--save', '', '--appendonly', 'no', '--dir', folder],
  })
  opened.defer(() => redis.stop())
  await untilPortAnswers(port, 'redis-server')
  return { url: `redis://:${password}@127.0.0.1:${port}`, pid: redis.pid }
}
