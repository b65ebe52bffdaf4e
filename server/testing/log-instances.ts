import { afterAll, afterEach, beforeAll } from 'vitest'
import { createMemoryBus, type MemoryNetwork } from '../bus/memory-bus.ts'
import { makeFaulty, type Fate } from './faulty-bus.ts'
import { startLogInstance, type LogInstance } from './log-fixture.ts'
import { createTestDatabase, type TestDatabase } from './test-db.ts'

type Options = NonNullable<Parameters<typeof startLogInstance>[1]>

/** A database for the tests of a file, and a way to start instances on it, which end with the test that started them. */
export function logInstances(usual: Options = {}): {
  database: () => TestDatabase
  start: (options?: Options) => Promise<LogInstance>
  /** Two instances on a network of this fate; what one commits, a reader on the other sees. */
  startPair: (fate: Fate, sweepEvery: number) => Promise<[LogInstance, LogInstance]>
} {
  let database: TestDatabase
  const open: LogInstance[] = []

  beforeAll(async () => {
    database = await createTestDatabase()
  })
  afterEach(async () => {
    for (const instance of open.splice(0)) await instance.close()
  })
  afterAll(() => database.close())

  async function start(options?: Options): Promise<LogInstance> {
    const instance = await startLogInstance(database.url, { ...usual, ...options })
    open.push(instance)
    return instance
  }

  return {
    database: () => database,
    start,
    async startPair(fate, sweepEvery) {
      const network: MemoryNetwork = new Set()
      const bus = () => makeFaulty(createMemoryBus(network), fate)
      return [await start({ bus: bus(), sweepEvery }), await start({ bus: bus(), sweepEvery })]
    },
  }
}
