/** Handlers at work on a database of their own, somebody who writes to its log, and what came of it. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Kysely } from 'kysely'
import pino from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import type { Database } from '../../db/schema.ts'
import type { DeadLetter } from '../log/dead-letter.ts'
import type { EventHandlers } from '../log/event-handler.ts'
import { createJointLook } from '../log/joint-look.ts'
import { runHandlers, type Reactions } from '../log/run-handlers.ts'
import { createMetrics } from '../observe/metrics.ts'
import { createEffects, effectsOf } from './effects.ts'
import { createPerson, startLogInstance, type LogInstance } from './log-fixture.ts'
import { transactionsEnded } from './quiet-database.ts'
import { createTestDatabase, type TestDatabase } from './test-db.ts'

export interface HandlersFixture {
  /** Of the database that all tests of a file share. */
  readonly db: Kysely<Database>
  readonly url: string
  readonly instance: LogInstance
  /** Streams of two people. */
  readonly one: string
  readonly two: string
  /** Of the handler of this test. */
  readonly name: string
  /** Runs handlers until the test ends. */
  run: (handlers: EventHandlers) => Reactions
  /** What this test's handler could not handle, the oldest first. */
  letters: () => Promise<DeadLetter[]>
  /** How often this test's handler took effect. */
  handled: () => Promise<number>
}

export function handlersFixture(): HandlersFixture {
  const log = pino({ level: 'silent' })
  const running: (() => Promise<void>)[] = []
  let database: TestDatabase
  let instance: LogInstance
  let one: string
  let two: string
  let name: string

  beforeAll(async () => {
    database = await createTestDatabase()
    instance = await startLogInstance(database.url)
    await createEffects(database.db)
    one = await createPerson(instance, 'one')
    two = await createPerson(instance, 'two')
  })
  beforeEach(async () => {
    name = `test-${crypto.randomUUID()}`
    // A handler's place lies before what is open, also in another test's database: else it would meet earlier tests' events.
    await transactionsEnded(database.db)
  })
  afterEach(async () => {
    for (const end of running.splice(0)) await end()
  })
  afterAll(async () => {
    await instance.close()
    await database.close()
  })

  return {
    get db() {
      return database.db
    },
    get url() {
      return database.url
    },
    get instance() {
      return instance
    },
    get one() {
      return one
    },
    get two() {
      return two
    },
    get name() {
      return name
    },
    run(handlers) {
      const { db } = database
      const looks = createJointLook(db)
      const reactions = runHandlers({ db, handlers, log, metrics: createMetrics(), looks })
      running.push(async () => {
        await looks.close()
        await reactions.close()
      })
      return reactions
    },
    letters: () =>
      database.db
        .selectFrom('deadLetters')
        .selectAll()
        .where('handler', '=', name)
        .orderBy('at')
        .execute(),
    handled: async () => (await effectsOf(database.db, name)).length,
  }
}

/** Resolves when it is so. @throws Error after twelve seconds */
export async function waitFor(done: () => Promise<boolean>, what: string): Promise<void> {
  for (const deadline = Date.now() + 12_000; !(await done()); await sleep(25))
    if (Date.now() > deadline) throw new Error(`not in time: ${what}`)
}
