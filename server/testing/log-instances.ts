import { afterAll, afterEach, beforeAll } from 'vitest'
import { startLogInstance, type LogInstance } from './log-fixture.ts'
import { createTestDatabase, type TestDatabase } from './test-db.ts'

type Options = NonNullable<Parameters<typeof startLogInstance>[1]>

/** A database for the tests of a file, and a way to start instances on it, which end with the test that started them. */
export function logInstances(usual: Options = {}): {
  database: () => TestDatabase
  start: (options?: Options) => Promise<LogInstance>
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

  return {
    database: () => database,
    async start(options) {
      const instance = await startLogInstance(database.url, { ...usual, ...options })
      open.push(instance)
      return instance
    },
  }
}
