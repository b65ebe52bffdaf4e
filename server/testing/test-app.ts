import type { Bus } from '../bus/bus.ts'
import { createMemoryBus, type MemoryNetwork } from '../bus/memory-bus.ts'
import type { Context } from '../context.ts'
import { readEnv } from '../env.ts'
import { createCaller, type Caller } from '../router.ts'
import { createServices, type Services } from '../services.ts'
import { addPerson, testContext, type TestPerson } from './factories.ts'
import { createTestDatabase, type TestDatabase } from './test-db.ts'

export interface EmptyTestApp {
  /** The first instance. */
  services: Services
  /** All instances: one database, and one memory network unless buses were brought. */
  instances: Services[]
  database: TestDatabase
  /** Calls by nobody, or with a context as given. */
  visitor: (overrides?: Partial<Context>) => Caller
  close: () => Promise<void>
}

export interface TestApp extends EmptyTestApp {
  /** Signed in. Ada owns the server; all four are in the thread "general", which she started by signing up. */
  people: { ada: TestPerson; ben: TestPerson; cleo: TestPerson; dan: TestPerson }
}

export interface TestAppOptions {
  /** Instances on one database. */
  instances?: number
  /** The bus of each instance. */
  bus?: (instance: number) => Bus | Promise<Bus>
  /** Variables beside those of every test. */
  env?: Record<string, string>
}

/** A server, or several instances of it, on a database of its own, with the fixed cast. */
export async function createTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const app = await createEmptyTestApp(options)
  // One after the other: whoever is first owns the server.
  const people = {
    ada: await addPerson(app.services, 'Ada Lovelace', 'ada'),
    ben: await addPerson(app.services, 'Ben Okri', 'ben'),
    cleo: await addPerson(app.services, 'Cleo Ríos', 'cleo'),
    dan: await addPerson(app.services, 'Dan Ödegård', 'dan'),
  }
  return { ...app, people }
}

/** As createTestApp, before anybody has signed up. */
export async function createEmptyTestApp(options: TestAppOptions = {}): Promise<EmptyTestApp> {
  const database = await createTestDatabase()
  const env = readEnv({
    NODE_ENV: 'test',
    LOG_LEVEL: 'silent',
    DATABASE_POOL: '10',
    // Tests call faster than people do; those of the limit set their own.
    CALLS_PER_SECOND: '1000000',
    ...options.env,
  })
  const network: MemoryNetwork = new Set()
  const open = async (place: number) =>
    createServices(env, database.url, {
      bus: (await options.bus?.(place)) ?? createMemoryBus(network),
    })
  const services = await open(0)
  const instances = [services]
  while (instances.length < (options.instances ?? 1)) instances.push(await open(instances.length))
  return {
    services,
    instances,
    database,
    visitor: (overrides) => createCaller(testContext(services, overrides)),
    async close() {
      for (const instance of instances) await instance.close()
      await database.close()
    },
  }
}
