/**
 * Group commit: what comes while a commit is under way goes together in the next one. A commit costs about the same
 * for one message as for a hundred, so the busier an instance is, the less each of them costs.
 *
 * Every item keeps what it would have alone: its own refusal or result, and its order. One batch at a time, in order
 * of arrival; an answer is given after COMMIT only. When a batch fails, for whatever reason, its items are set aside
 * and done one by one, each lane (a thread) in its order, while the others go on; what comes later for a lane that is
 * set aside lines up behind it. A batch waits only briefly for a lock, so that one thread that somebody else holds
 * does not hold up the rest.
 */
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises'
import { PoolExhaustedError } from '../../db/pool-failure.ts'
import { databaseFailure } from '../database-failure.ts'
import { AppError } from '../errors.ts'
import type { Commit, Trx } from './commit.ts'

export interface GroupCommitOptions<Item, Result> {
  commit: Commit
  /**
   * Does the items in their order, and gives for each a result, or the AppError that refuses it alone. Whatever it
   * throws undoes all of them, and they are done again one by one: so doing an item twice must be the same as once.
   * @param lockTimeout milliseconds for which it waits for a lock; by default what the connection has
   */
  work: (
    trx: Trx,
    items: readonly Item[],
    lockTimeout?: number,
  ) => Promise<readonly (Result | AppError)[]>
  /** Items of the same lane are never done out of order. */
  laneOf: (item: Item) => string
  /** Most items in one commit. */
  most?: number
  /** Most items that are not answered yet; beyond it they are refused. */
  mostWaiting?: number
  /** Milliseconds after which an item that was not begun is refused. */
  patience?: number
  /** Milliseconds for which a batch waits for a lock; a commit of another instance takes a tenth of it. */
  lockTimeout?: number
  /**
   * Milliseconds for which a batch gathers when the one before was busy, and twice that when it was crowded. A commit takes
   * about as long when so much is going on, and a third fewer of them do the same.
   */
  gatherFor?: number
}

export interface GroupCommit<Item, Result> {
  /**
   * Resolves after COMMIT.
   * @throws AppError BUSY when too many wait or it waited too long: then nothing was done. STOPPING after close().
   */
  add(item: Item): Promise<Result>
  /** Takes no more, and resolves when all that was taken is answered. */
  close(): Promise<void>
}

interface Entry<Item, Result> {
  item: Item
  lane: string
  since: number
  resolve: (result: Result) => void
  reject: (error: unknown) => void
}

/** A batch of so many says that more are on their way: the next one gathers. */
const busyFrom = 8
/** So many wait for long anyway, and what goes out to one socket for several of them is one write. */
const crowdedFrom = 64
/** Lanes that are done one by one at the same time: few, since each may hold a connection for long. */
const lanesAtOnce = 4

export function createGroupCommit<Item, Result>({
  commit,
  work,
  laneOf,
  most = 512,
  mostWaiting = 4_000,
  patience = 1_500,
  lockTimeout = 500,
  gatherFor = 10,
}: GroupCommitOptions<Item, Result>): GroupCommit<Item, Result> {
  let queue: Entry<Item, Result>[] = []
  /** Lanes that are done one by one, with what they still have to do. */
  const aside = new Map<string, Entry<Item, Result>[]>()
  const lanesToDo: string[] = []
  let lanesUnderWay = 0
  let unanswered = 0
  let running = false
  /** A commit is under way, or the next batch gathers: what comes now may wait for long. */
  let engaged = false
  let clock: NodeJS.Timeout | null = null
  let closed = false
  const onIdle: (() => void)[] = []

  function answer({ resolve, reject }: Entry<Item, Result>, outcome: Result | AppError): void {
    settled()
    if (outcome instanceof AppError) reject(outcome)
    else resolve(outcome)
  }

  function refuse({ reject }: Entry<Item, Result>, error: unknown): void {
    settled()
    reject(error)
  }

  function settled(): void {
    unanswered--
    if (unanswered === 0) for (const idle of onIdle.splice(0)) idle()
  }

  /** @throws when nothing of it was done. */
  async function commitAll(
    batch: readonly Entry<Item, Result>[],
    lockTimeout?: number,
  ): Promise<void> {
    const items = batch.map(({ item }) => item)
    const outcomes = await commit((trx) => work(trx, items, lockTimeout))
    for (const [place, entry] of batch.entries()) {
      const outcome = outcomes[place]
      if (outcome === undefined) refuse(entry, new Error('a batch was not answered in full'))
      else answer(entry, outcome)
    }
  }

  async function run(): Promise<void> {
    running = true
    for (;;) {
      // What arrives in this turn of the event loop, or has arrived meanwhile, comes along.
      await turn()
      const batch = queue.slice(0, most)
      if (batch.length === 0) break
      queue = queue.slice(most)
      engaged = true
      watchTheClock()
      const done = await together(batch)
      if (done && batch.length >= busyFrom)
        await sleep(batch.length >= crowdedFrom ? 2 * gatherFor : gatherFor)
      engaged = false
    }
    running = false
  }

  async function together(batch: readonly Entry<Item, Result>[]): Promise<boolean> {
    try {
      await commitAll(batch, lockTimeout)
      return true
    } catch (error) {
      if (concernsAll(error)) for (const entry of batch) refuse(entry, error)
      else setAside(batch)
      return false
    }
  }

  function setAside(batch: readonly Entry<Item, Result>[]): void {
    for (const entry of batch) {
      const lane = aside.get(entry.lane)
      if (lane) lane.push(entry)
      else {
        aside.set(entry.lane, [entry])
        lanesToDo.push(entry.lane)
      }
    }
    // Those who came for the same lanes while the batch was under way stay behind it.
    queue = queue.filter((entry) => {
      const lane = aside.get(entry.lane)
      lane?.push(entry)
      return lane === undefined
    })
    while (lanesUnderWay < lanesAtOnce && lanesToDo.length > 0) void oneByOne()
    watchTheClock()
  }

  async function oneByOne(): Promise<void> {
    lanesUnderWay++
    for (let lane = lanesToDo.shift(); lane !== undefined; lane = lanesToDo.shift()) {
      const entries = aside.get(lane) ?? []
      for (let entry = entries.shift(); entry; entry = entries.shift())
        try {
          await commitAll([entry])
        } catch (error) {
          refuse(entry, error)
        }
      aside.delete(lane)
    }
    lanesUnderWay--
  }

  /** Refuses what has waited too long without having been begun, so that nobody waits behind a stuck database. */
  function watchTheClock(): void {
    if (clock || (queue.length === 0 && aside.size === 0)) return
    clock = setTimeout(() => {
      clock = null
      const before = Date.now() - patience
      // The oldest stand first.
      for (const waiting of [queue, ...aside.values()])
        while (waiting[0] && waiting[0].since <= before) {
          const [late] = waiting.splice(0, 1)
          if (late) refuse(late, busy())
        }
      watchTheClock()
    }, patience / 8)
  }

  return {
    add(item) {
      if (closed) return Promise.reject(new AppError('STOPPING', 'This instance is stopping.'))
      if (unanswered >= mostWaiting) return Promise.reject(busy())
      return new Promise((resolve, reject) => {
        const entry = { item, lane: laneOf(item), since: Date.now(), resolve, reject }
        unanswered++
        const lane = aside.get(entry.lane)
        if (lane) lane.push(entry)
        else queue.push(entry)
        // What is begun in this turn needs none: each timer is one more waking up of a quiet instance.
        if (lane || engaged) watchTheClock()
        if (!running) void run()
      })
    },
    close() {
      closed = true
      if (unanswered === 0) return Promise.resolve()
      return new Promise((resolve) => onIdle.push(resolve))
    },
  }
}

/** Without a database, or a connection to it, it would be the same for each, only later. */
function concernsAll(error: unknown): boolean {
  return (
    error instanceof PoolExhaustedError || databaseFailure(error)?.reason === 'DATABASE_UNAVAILABLE'
  )
}

function busy(): AppError {
  return new AppError('BUSY', 'Too much is being sent at once; try again in a moment.', {
    retryAfter: 1,
  })
}
