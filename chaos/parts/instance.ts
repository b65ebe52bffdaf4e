import { appendFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { runSkein, type SkeinProcess } from '../../server/testing/run-skein.ts'
import { type Link } from './link.ts'

/** The links of an instance: people to it, it to Postgres, it to NATS. */
export interface InstanceLinks {
  edge: Link
  database: Link
  nats: Link
}

/** So many values of a histogram were no higher than the bound. */
export interface Bucket {
  bound: number
  count: number
}

/**
 * `skein serve` as a process of its own, with a link on every side. People find it at the same port (of its edge)
 * whenever it is started again.
 */
export class Instance {
  readonly name: string
  readonly links: InstanceLinks
  /** Ends that nobody asked for. */
  readonly deaths: string[] = []
  readonly #env: Record<string, string>
  readonly #logFile: string
  #running: SkeinProcess | null = null
  #opsUrl = ''
  #isExpectedToEnd = false

  /** @param logFile gets what it said, each time it has ended. */
  constructor(
    name: string,
    links: InstanceLinks,
    options: { env: Record<string, string>; logFile: string },
  ) {
    this.name = name
    this.links = links
    this.#env = options.env
    this.#logFile = options.logFile
  }

  /** Where people reach it. */
  get port(): number {
    return this.links.edge.port
  }

  get isRunning(): boolean {
    return this.#running !== null
  }

  get pid(): number {
    const { pid } = this.#running?.child ?? {}
    if (pid === undefined) throw new Error(`${this.name} does not run`)
    return pid
  }

  /** Everything it said since it was started. */
  get said(): string {
    return (this.#running?.stdout() ?? '') + (this.#running?.stderr() ?? '')
  }

  /** Starts it and waits until it serves. */
  async start(more: Record<string, string> = {}): Promise<void> {
    const skein = this.launch(more)
    const [line] = await skein.said(/\{.*"msg":"ready"\}/)
    const { url, opsUrl } = JSON.parse(line) as { url: string; opsUrl: string }
    this.#opsUrl = opsUrl
    this.links.edge.target = Number(new URL(url).port)
  }

  /** Starts it without waiting. */
  launch(more: Record<string, string> = {}): SkeinProcess {
    this.#isExpectedToEnd = false
    const skein = runSkein(['serve'], { ...this.#env, ...more })
    this.#running = skein
    // Whatever ends us must not leave it behind.
    const kill = () => skein.child.kill('SIGKILL')
    process.once('exit', kill)
    void skein.ended.then((how) => {
      process.off('exit', kill)
      appendFileSync(this.#logFile, skein.stdout() + skein.stderr())
      if (this.#running !== skein) return
      this.#running = null
      this.links.edge.target = 0
      if (!this.#isExpectedToEnd) this.deaths.push(`${this.name} ended by itself (${how})`)
    })
    return skein
  }

  /** kill -9. */
  async kill(): Promise<void> {
    const running = this.#running
    if (!running) return
    this.#isExpectedToEnd = true
    running.child.kill('SIGKILL')
    await running.ended
  }

  /** Asks it to stop, and waits. @returns how it ended and after how many milliseconds. */
  async stop(): Promise<{ how: number | NodeJS.Signals; took: number }> {
    const running = this.#running
    if (!running) throw new Error(`${this.name} does not run`)
    this.#isExpectedToEnd = true
    const begin = performance.now()
    running.child.kill('SIGTERM')
    return { how: await running.ended, took: performance.now() - begin }
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#running?.child.kill(signal)
  }

  /**
   * The value of one of its metrics, summed over labels, or with those that the name says; 0 before anything was counted.
   * @throws Error when it has none of this name
   */
  async metric(name: string): Promise<number> {
    const text = await (await this.#ops('/metrics')).text()
    const [bare = name] = name.split('{')
    if (!text.includes(`# TYPE ${bare} `)) throw new Error(`${this.name} has no metric ${bare}`)
    return text
      .split('\n')
      .filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
      .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0)
  }

  /** A histogram among its metrics; the bound of the last one is Infinity. */
  async buckets(name: string): Promise<Bucket[]> {
    const text = await (await this.#ops('/metrics')).text()
    const lines = [...text.matchAll(new RegExp(`^${name}_bucket{le="([^"]+)"} (\\d+)$`, 'gm'))]
    if (lines.length === 0) throw new Error(`${this.name} has no histogram ${name}`)
    return lines.map(([, bound, count]) => ({
      bound: bound === '+Inf' ? Infinity : Number(bound),
      count: Number(count),
    }))
  }

  /** What /readyz says. @param opsUrl where it is asked before it is ready. */
  async readiness(opsUrl = this.#opsUrl): Promise<{ status: number; text: string }> {
    const response = await fetch(`${opsUrl}/readyz`, { signal: AbortSignal.timeout(5_000) })
    return { status: response.status, text: await response.text() }
  }

  async untilReady(patienceMs: number): Promise<void> {
    for (const deadline = Date.now() + patienceMs; Date.now() < deadline; await sleep(50)) {
      const answer = await this.readiness().catch(() => null)
      if (answer?.status === 200) return
    }
    throw new Error(`${this.name} was not ready within ${patienceMs} ms`)
  }

  /** Ends it if it runs, and its links. */
  async close(): Promise<void> {
    this.signal('SIGCONT')
    await this.kill()
    await Promise.all(Object.values(this.links).map((link: Link) => link.close()))
  }

  #ops(path: string): Promise<Response> {
    return fetch(this.#opsUrl + path, { signal: AbortSignal.timeout(10_000) })
  }
}
