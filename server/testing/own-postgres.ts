import { spawn } from 'node:child_process'
import { readdir, readFile, rm } from 'node:fs/promises'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { once } from 'node:events'
import pg from 'pg'
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../db/embedded.ts'
import { migrate } from '../../db/migrate.ts'
import { makeTempFolder } from './temp-folder.ts'

/** A Postgres for one test alone, which may be frozen, stopped and started; always at the same address. */
export interface OwnPostgres {
  url: string
  /** Freezes all of its processes: connections stay open and say nothing, new ones are taken and say nothing. */
  freeze: () => Promise<void>
  thaw: () => Promise<void>
  /** Ends it; connections break, new ones are refused. */
  stop: () => Promise<void>
  start: () => Promise<void>
  /** Copies its files, stopping it for that. */
  save: () => Promise<void>
  /** Puts the copied files back, under the same identity. */
  restore: () => Promise<void>
  close: () => Promise<void>
}

/** Starts one, migrated. Its data lives on for as long as the test, through stops and starts. */
export async function startOwnPostgres(
  settings: Record<string, string> = {},
): Promise<OwnPostgres> {
  const folder = await makeTempFolder()
  const open = () =>
    startEmbeddedPostgres({ dataDir: folder.path, settings: { fsync: 'off', ...settings } })
  let running: EmbeddedPostgres | null = await open()
  let frozen: number[] = []
  await migrate(running.url)

  // Its port changes with every start; this one does not.
  const links = new Set<Socket>()
  const door = createServer((near) => {
    if (!running) {
      near.destroy()
      return
    }
    const far = connect(Number(new URL(running.url).port), '127.0.0.1')
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      links.add(from)
      from.on('error', () => to.destroy())
      from.on('close', () => {
        links.delete(from)
        to.destroy()
      })
      from.pipe(to)
    }
  })
  door.listen(0, '127.0.0.1')
  await once(door, 'listening')
  const url = new URL(running.url)
  url.port = String((door.address() as AddressInfo).port)

  async function thaw(): Promise<void> {
    // The postmaster last: until then none of its children is gone, also not one that has ended.
    for (const pid of frozen.reverse()) process.kill(pid, 'SIGCONT')
    frozen = []
  }

  async function stop(): Promise<void> {
    await thaw()
    const stopping = running
    running = null
    for (const link of links) link.destroy()
    await stopping?.close()
  }

  return {
    url: url.href,
    async freeze() {
      if (!running) return
      // The postmaster first: it starts nobody new then.
      process.kill(running.pid, 'SIGSTOP')
      frozen = [running.pid, ...(await childrenOf(running.pid))]
      for (const pid of frozen) process.kill(pid, 'SIGSTOP')
    },
    thaw,
    stop,
    async start() {
      running ??= await open()
    },
    async save() {
      const cluster = await dataDirectory(running)
      await stop()
      await cp('-a', cluster, `${cluster}.saved`)
      running = await open()
    },
    async restore() {
      const cluster = await dataDirectory(running)
      await stop()
      await rm(cluster, { recursive: true })
      await cp('-a', `${cluster}.saved`, cluster)
      running = await open()
    },
    async close() {
      await stop()
      door.close()
      await folder.remove()
    },
  }
}

async function dataDirectory(running: EmbeddedPostgres | null): Promise<string> {
  const client = new pg.Client({ connectionString: running?.url })
  await client.connect()
  const { rows } = await client.query<{ data_directory: string }>('show data_directory')
  await client.end()
  return rows[0]?.data_directory ?? ''
}

/** With owners and rights. */
async function cp(...args: string[]): Promise<void> {
  const [code] = (await once(spawn('cp', args), 'exit')) as [number | null]
  if (code !== 0) throw new Error(`cp ended with ${code ?? 'a signal'}`)
}

async function childrenOf(parent: number): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const found = await Promise.all(
    pids.map(async (pid) => {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
      // pid (name) state ppid …; a name may hold brackets and spaces.
      return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === parent
        ? [Number(pid)]
        : []
    }),
  )
  return found.flat()
}
