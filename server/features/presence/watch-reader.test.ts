import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  createPerson,
  createThread,
  release,
  startLogInstance,
  type LogInstance,
} from '../../testing/log-fixture.ts'
import { createTestDatabase, type TestDatabase } from '../../testing/test-db.ts'
import { createThreadFinder } from './create-thread-finder.ts'
import { HintQueue } from './hint-queue.ts'
import { watchReader } from './watch-reader.ts'

let database: TestDatabase
let here: LogInstance

beforeAll(async () => {
  database = await createTestDatabase()
  here = await startLogInstance(database.url)
})
afterAll(async () => {
  await here.close()
  await database.close()
})

test('who is let out while their threads are looked up is told nothing more of that thread', async () => {
  const owner = await createPerson(here, 'owner')
  const person = await createPerson(here, 'person')
  const left = await createThread(here, [owner, person])
  const kept = await createThread(here, [owner, person])
  const find = createThreadFinder(here.db)
  const findThreads = async (userId: string) => {
    const found = await find(userId)
    // Commits, and is heard, before what was found is handed over.
    await release(here, left, person)
    return found
  }
  const via = { type: 'session', sessionId: person } as const
  const actor = { id: person, kind: 'person', role: 'member', via } as const
  const reader = { userId: person, queue: new HintQueue(), threads: new Set<string>() }
  const watching = watchReader({ hub: here.hub, findThreads }, actor, reader)
  await watching.ready
  watching.stop()
  expect([...reader.threads]).toEqual([kept])
})
