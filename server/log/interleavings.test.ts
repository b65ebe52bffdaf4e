/**
 * Everything at once, at random: people are let in and out while others write, signals between two instances are lost,
 * late and doubled, long transactions hold the horizon, readers come back anywhere with their cursor and sometimes take
 * nothing. In the end the checker of the chaos runs compares what each reader was given with what the log holds.
 * What came out wrong is printed with its seed; times are real, so a seed brings the same steps, not the same order.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { check } from '../../chaos/check/check.ts'
import { contentOf } from '../../chaos/check/content-of.ts'
import type { ClientRecord, Defect, Sight } from '../../chaos/check/history.ts'
import { readHistory } from '../../chaos/check/read-history.ts'
import { Random } from '../../chaos/random.ts'
import { createMemoryBus, type MemoryNetwork } from '../bus/memory-bus.ts'
import { makeFaulty } from '../testing/faulty-bus.ts'
import {
  admit,
  createPerson,
  createThread,
  release,
  startLogInstance,
  write,
  type Following,
  type LogInstance,
} from '../testing/log-fixture.ts'
import { createTestDatabase, type TestDatabase } from '../testing/test-db.ts'
import { lockStreams } from './append.ts'

let database: TestDatabase
let pool: pg.Pool
beforeAll(async () => {
  database = await createTestDatabase()
  pool = new pg.Pool({ connectionString: database.url, max: 2 })
})
afterAll(async () => {
  await pool.end()
  await database.close()
})

/** One device: comes and goes, and keeps a record of all it was given. */
class Reader {
  readonly #sights: Sight[] = []
  readonly #random: Random
  readonly #instances: readonly LogInstance[]
  readonly #name: string
  readonly #userId: string
  #connections = 0
  #following: Following | null = null
  /** Of what it follows, how much is in the record. */
  #kept = 0
  #cursor: string | undefined
  readonly #failures: Error[] = []
  since: ReadonlyMap<string, number> = new Map()

  constructor(name: string, userId: string, instances: readonly LogInstance[], random: Random) {
    this.#name = name
    this.#userId = userId
    this.#instances = instances
    this.#random = random
  }

  async connect(): Promise<void> {
    this.leave()
    const following = this.#random.pick(this.#instances).follow(this.#userId, this.#cursor)
    this.#following = following
    this.#connections++
    this.#kept = 0
    await following.ready
  }

  /** What is on its way then is lost: what was given counts. */
  leave(): void {
    this.#keep()
    this.#following?.close()
    this.#failures.push(...(this.#following?.failures ?? []))
    this.#cursor = this.#following?.cursor() ?? this.#cursor
    this.#following = null
  }

  /** Takes nothing, or takes it all again. */
  setBacklog(bytes: number): void {
    if (this.#following) this.#following.backlog = bytes
  }

  #keep(): void {
    const { events, arrivals } = this.#following ?? { events: [], arrivals: [] }
    for (; this.#kept < events.length; this.#kept++) {
      const event = events[this.#kept]
      const at = arrivals[this.#kept]
      if (!event || at === undefined) continue
      const { stream, seq } = event
      const content = contentOf(event)
      this.#sights.push({ connection: this.#connections, stream, seq, content, at })
    }
  }

  get record(): ClientRecord {
    this.#keep()
    const { since } = this
    return { name: this.#name, userId: this.#userId, since, sights: this.#sights }
  }

  get failures(): readonly Error[] {
    return [...this.#failures, ...(this.#following?.failures ?? [])]
  }
}

/** Who is in which thread; one change of a thread at a time, as its row lock would have it. */
class Thread {
  readonly id: string
  readonly inside: Set<string>
  #last: Promise<unknown> = Promise.resolve()

  constructor(id: string, inside: readonly string[]) {
    this.id = id
    this.inside = new Set(inside)
  }

  change(userId: string, instance: LogInstance): Promise<unknown> {
    const change = async () => {
      if (this.inside.delete(userId)) return release(instance, this.id, userId)
      this.inside.add(userId)
      return instance.commit(async (trx) => {
        await lockStreams(trx, [this.id, userId])
        await admit(trx, this.id, userId)
      })
    }
    this.#last = this.#last.then(change)
    return this.#last
  }
}

async function defectsOf(readers: readonly Reader[], threads: readonly Thread[], people: string[]) {
  const client = await pool.connect()
  try {
    const history = await readHistory(client, { threads: threads.map(({ id }) => id), people })
    const records = readers.map(({ record }) => record)
    return check(history, records, [])
  } finally {
    client.release()
  }
}

async function play(random: Random): Promise<Defect[]> {
  const network: MemoryNetwork = new Set()
  const lossy = random.pick([0, 0.3, 1])
  const fate = () => {
    if (random.happens(lossy)) return []
    return random.pick([[0], [0], [random.between(0, 80)], [0, random.between(0, 40)]])
  }
  const sweepEvery = random.pick([50, 300])
  const start = () =>
    startLogInstance(database.url, { bus: makeFaulty(createMemoryBus(network), fate), sweepEvery })
  const instances = [await start(), await start()]
  const [here] = instances
  if (!here) throw new Error('no instance')
  try {
    const tag = Math.floor(random.next() * 1e9)
    const people: string[] = []
    for (let n = 1; n <= 3; n++) people.push(await createPerson(here, `p${n}-${tag}`))
    const threads: Thread[] = []
    for (let n = 1; n <= 2; n++) threads.push(new Thread(await createThread(here, people), people))
    const readers = people.flatMap((userId, person) =>
      ['a', 'b'].map((device) => {
        const name = `${person + 1}${device}`
        return new Reader(name, userId, instances, random.fork(name))
      }),
    )
    for (const reader of readers) await reader.connect()
    const { rows } = await pool.query<{ id: string; head: string }>('select id, head from streams')
    for (const reader of readers)
      reader.since = new Map(rows.map(({ id, head }) => [id, Number(head)]))

    const commits: Promise<unknown>[] = []
    const comings: Promise<unknown>[] = []
    const steps: Record<string, () => unknown> = {
      write: () => commits.push(write(random.pick(instances), [random.pick(threads).id])),
      writeLong: () => {
        const ms = random.between(0, 150)
        const beforeCommit = () => sleep(ms)
        commits.push(write(random.pick(instances), [random.pick(people)], { beforeCommit }))
      },
      change: () =>
        commits.push(random.pick(threads).change(random.pick(people), random.pick(instances))),
      connect: () => comings.push(random.pick(readers).connect()),
      takeNothing: () => random.pick(readers).setBacklog(1024 * 1024),
      takeAll: () => random.pick(readers).setBacklog(0),
    }
    const kinds = [
      'write',
      'write',
      'write',
      'writeLong',
      'change',
      'change',
      'connect',
      'takeNothing',
      'takeAll',
    ]
    for (let n = 0; n < 150; n++) {
      steps[random.pick(kinds)]?.()
      // More at once might wait longer for a connection, or for a lock, than anybody does.
      if (commits.length > 16) await commits.shift()
      if (random.happens(0.5)) await sleep(random.between(0, 12))
    }
    for (const reader of readers) reader.setBacklog(0)
    await Promise.all([...commits, ...comings])
    const failures = readers.flatMap((reader) => reader.failures)
    if (failures[0]) throw failures[0]
    // One more of everything shows who is not heard any more.
    for (const { id } of threads) await write(here, [id])
    let defects: Defect[] = []
    for (const deadline = Date.now() + 15_000; Date.now() < deadline; await sleep(100)) {
      defects = await defectsOf(readers, threads, people)
      if (defects.length === 0) break
    }
    // What should not come would come now.
    await sleep(150)
    defects = await defectsOf(readers, threads, people)
    for (const reader of readers) reader.leave()
    return defects
  } finally {
    for (const instance of instances) await instance.close()
  }
}

const seeds = Array.from({ length: 6 }, () => Math.floor(Math.random() * 1e6))

test.each(seeds)(
  'whatever happens at once, each has all of theirs and nothing else (seed %i)',
  async (seed) => {
    expect(await play(new Random(String(seed)))).toEqual([])
  },
  30_000,
)
