import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type pg from 'pg'
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../db/embedded.ts'
import { openPool } from '../../db/open-pool.ts'
import { makeTempFolder } from '../../server/testing/temp-folder.ts'
import type { Link } from './link.ts'
import { processTree } from './process-tree.ts'

/** A real Postgres on a folder of its own, which may be killed, frozen, put back to an older state and started again. */
export class ChaosPostgres {
  /** Ends that nobody asked for. */
  readonly deaths: string[] = []
  readonly #folder: Awaited<ReturnType<typeof makeTempFolder>>
  readonly #links = new Set<Link>()
  #running: EmbeddedPostgres | null = null
  #url = ''
  #isExpectedToEnd = false

  private constructor(folder: Awaited<ReturnType<typeof makeTempFolder>>) {
    this.#folder = folder
  }

  static async open(): Promise<ChaosPostgres> {
    const postgres = new ChaosPostgres(await makeTempFolder())
    await postgres.start()
    return postgres
  }

  /** Its address for whoever goes through this link, which follows it from port to port. */
  urlThrough(link: Link): string {
    this.#links.add(link)
    link.target = this.#running ? Number(new URL(this.#url).port) : 0
    const url = new URL(this.#url)
    url.port = String(link.port)
    return url.href
  }

  /** Its address of this moment; it has another port after each start. */
  get url(): string {
    return this.#url
  }

  async start(): Promise<void> {
    this.#isExpectedToEnd = false
    this.#running = await startEmbeddedPostgres({
      dataDir: this.#folder.path,
      settings: { max_connections: '120' },
      onExit: () => {
        if (!this.#isExpectedToEnd) this.deaths.push('Postgres ended by itself')
      },
    })
    this.#url = this.#running.url
    for (const link of this.#links) link.target = Number(new URL(this.#url).port)
  }

  /** Ends it: cleanly, or as a crash does. */
  async stop(how: 'cleanly' | 'crash'): Promise<void> {
    this.#isExpectedToEnd = true
    const running = this.#running
    this.#running = null
    for (const link of this.#links) link.target = 0
    if (how === 'crash' && running) process.kill(running.pid, 'SIGKILL')
    await running?.close()
  }

  /** Stops or continues every process of it, as a machine that hangs does. */
  async signal(signal: 'SIGSTOP' | 'SIGCONT'): Promise<void> {
    if (!this.#running) return
    for (const pid of await processTree(this.#running.pid)) signalIfThere(pid, signal)
  }

  /** Ends every connection to it but our own. @returns how many. */
  async terminateBackends(): Promise<number> {
    return this.run(async (client) => {
      const { rows } = await client.query<{ ended: boolean }>(
        `select pg_terminate_backend(pid) as ended from pg_stat_activity
         where backend_type = 'client backend' and pid <> pg_backend_pid()`,
      )
      return rows.filter(({ ended }) => ended).length
    })
  }

  /** Does something over a connection of its own, which goes through no link. */
  run<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    return this.runIn(null, work)
  }

  /** The same, in another database of it. */
  async runIn<T>(database: string | null, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const url = new URL(this.#url)
    if (database !== null) url.pathname = database
    const pool = openPool({ connectionString: url.href, max: 1, application_name: 'chaos' })
    try {
      const client = await pool.connect()
      try {
        return await work(client)
      } finally {
        client.release(true)
      }
    } finally {
      await pool.end()
    }
  }

  /** Copies the files, which are at rest while it is stopped. */
  async keepCopy(): Promise<void> {
    await copyWhole(this.#cluster, this.#copy)
  }

  /** Puts the copied files back in place of those that are there. */
  async putBackCopy(): Promise<void> {
    await copyWhole(this.#copy, this.#cluster)
  }

  async close(): Promise<void> {
    await this.signal('SIGCONT')
    await this.stop('cleanly')
    await this.#folder.remove()
  }

  get #cluster(): string {
    return join(this.#folder.path, 'postgres', 'data')
  }

  get #copy(): string {
    return join(this.#folder.path, 'copy')
  }
}

/** With owners and modes, which Postgres insists on: as root it runs as somebody else. */
async function copyWhole(from: string, to: string): Promise<void> {
  await rm(to, { recursive: true, force: true })
  const [code] = (await once(spawn('cp', ['-a', from, to], { stdio: 'inherit' }), 'exit')) as [
    number,
  ]
  if (code !== 0) throw new Error(`${from} could not be copied`)
}

function signalIfThere(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}
