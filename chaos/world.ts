import { mkdirSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { startTestNats, type TestNats } from '../server/testing/test-nats.ts'
import { Doors } from './crowd/doors.ts'
import { ChaosPostgres } from './parts/chaos-postgres.ts'
import { Instance } from './parts/instance.ts'
import { Link } from './parts/link.ts'

/** Seconds an instance may take to stop (STOP_TIMEOUT). */
export const stopTimeout = 20

/** A deployment that can be hurt: Postgres, nats-server, instances, and a link between any two of them. */
export class World {
  readonly postgres: ChaosPostgres
  readonly nats: TestNats
  readonly doors = new Doors()
  /** Those that ought to run at this moment. */
  readonly instances: Instance[] = []
  readonly #all: Instance[] = []
  readonly #logFolder: string

  private constructor(postgres: ChaosPostgres, nats: TestNats, logFolder: string) {
    this.postgres = postgres
    this.nats = nats
    this.#logFolder = logFolder
  }

  static async open(options: { instances: number; logFolder: string }): Promise<World> {
    mkdirSync(options.logFolder, { recursive: true })
    const postgres = await ChaosPostgres.open()
    const world = new World(postgres, await startTestNats(), options.logFolder)
    try {
      // The first one migrates.
      for (let number = 1; number <= options.instances; number++) await world.add()
    } catch (error) {
      await world.close()
      throw error
    }
    return world
  }

  /** One more instance, serving. */
  async add(env: Record<string, string> = {}): Promise<Instance> {
    const instance = await this.prepare(env)
    await instance.start()
    this.instances.push(instance)
    this.openDoors()
    return instance
  }

  /** One more instance with its links, not started. */
  async prepare(env: Record<string, string> = {}): Promise<Instance> {
    const links = {
      edge: await Link.open(),
      database: await Link.open(),
      nats: await Link.open(this.nats.port),
    }
    const name = `instance-${this.#all.length + 1}`
    const instance = new Instance(name, links, {
      logFile: `${this.#logFolder}/${name}.log`,
      env: {
        NODE_ENV: 'production',
        DATABASE_URL: this.postgres.urlThrough(links.database),
        NATS_URL: `nats://127.0.0.1:${links.nats.port}`,
        DATABASE_POOL: '10',
        // A few people send what many would.
        CALLS_PER_SECOND: '100000',
        STOP_TIMEOUT: String(stopTimeout),
        ...env,
      },
    })
    this.#all.push(instance)
    return instance
  }

  /** Takes an instance out for good, after it was stopped. */
  async remove(instance: Instance): Promise<void> {
    this.instances.splice(this.instances.indexOf(instance), 1)
    this.openDoors()
    await instance.close()
  }

  /** Tells newcomers which instances there are; without `closed`, all of them. */
  openDoors(closed: readonly Instance[] = []): void {
    this.doors.open = this.instances.filter((instance) => !closed.includes(instance))
  }

  /** Processes that ended and were not killed. */
  get deaths(): string[] {
    return [...this.#all.flatMap(({ deaths }) => deaths), ...this.postgres.deaths]
  }

  /** Waits until every instance says that it is ready. */
  async untilReady(patienceMs = 30_000): Promise<void> {
    await Promise.all(this.instances.map((instance) => instance.untilReady(patienceMs)))
  }

  /** Mends every link; half-open connections stay as they are. */
  clearWeather(): void {
    for (const { links } of this.instances)
      for (const link of [links.edge, links.database, links.nats]) {
        link.weather = { kind: 'clear' }
        link.cutsAnswer = () => false
      }
  }

  async close(): Promise<void> {
    for (const instance of this.#all) await instance.close()
    this.nats.kill('SIGCONT')
    await this.nats.stop()
    await this.postgres.close()
    // Sockets that were told to close do so.
    await sleep(50)
  }
}
