import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { SkeinEvent } from '../contract.ts'
import { ModelLog, threads, type ThreadId } from '../testing/model-log.ts'
import type { Absences } from './absences.ts'
import { advance, type Batch, type Item, type Position } from './position.ts'

/** A follower as follower.ts and inbox.ts make one, step by step. */
class ModelFollower {
  readonly handled: SkeinEvent[] = []
  #kept: Position | null = null
  #received: Position | null = null
  #queue: Batch[] = []
  readonly #batch: number

  constructor(batch: number) {
    this.#batch = batch
  }

  get cursor(): string | undefined {
    return this.#received?.cursor
  }

  get away(): Absences | undefined {
    return this.#kept?.away
  }

  /** @returns false when something is missing before the item */
  take(item: Item): boolean {
    const taken = advance(this.#received, item, this.#batch)
    if ('hole' in taken) return false
    this.#queue.push(...taken.batches)
    this.#received = taken.batches.at(-1)?.position ?? this.#received
    return true
  }

  /** Effects and position are kept at once. */
  handle(most: number): void {
    for (const { events, position } of this.#queue.splice(0, most)) {
      this.handled.push(...events)
      // As it comes out of a file.
      this.#kept = JSON.parse(JSON.stringify(position)) as Position
    }
  }

  restart(): void {
    this.#queue = []
    this.#received = this.#kept
  }
}

type Step =
  | { do: 'post'; thread: ThreadId; times: number; lag: number }
  /** Heard as one item, or as two of which the second may be cut off; the thread's may be the first. */
  | {
      do: 'toggle'
      thread: ThreadId
      lag: number
      heard: 'together' | 'one' | 'both'
      turned: boolean
    }
  | { do: 'handle'; most: number }
  | { do: 'cut'; taken: number; pageSize: number }
  | { do: 'restart'; taken: number; pageSize: number }

const thread = fc.constantFrom(...threads)
const some = fc.nat({ max: 6 })
const pageSize = fc.integer({ min: 1, max: 4 })
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('post' as const), thread, times: pageSize, lag: some }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('toggle' as const),
      thread,
      lag: some,
      heard: fc.constantFrom('together' as const, 'one' as const, 'both' as const),
      turned: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('handle' as const), most: some }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('cut' as const), taken: some, pageSize }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('restart' as const), taken: some, pageSize }),
  },
)

test('whatever is cut, repeated or restarted, each event is handled once, in order, and none is missing', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), pageSize, (steps, batch) => {
      const log = new ModelLog()
      const follower = new ModelFollower(batch)
      // The first item comes, and is kept, before anything happens.
      for (const item of log.read(undefined, 1)) follower.take(item)
      follower.handle(1)
      let isConnected = true

      const resume = (pages: number, taken = Infinity) => {
        const items = log.read(follower.cursor, pages)
        isConnected = taken >= items.length
        for (const item of items.slice(0, taken)) expect(follower.take(item)).toBe(true)
      }
      for (const each of steps) {
        if (each.do === 'handle') follower.handle(each.most)
        else if (each.do === 'cut') resume(each.pageSize, each.taken)
        else if (each.do === 'restart') {
          follower.restart()
          resume(each.pageSize, each.taken)
        } else {
          const events =
            each.do === 'post' ? log.post(each.thread, each.times) : log.toggle(each.thread)
          if (!isConnected) continue
          const heard = events.filter((event) => log.isHeard(event))
          const items = itemsOf(each, heard)
          // A cursor is never beyond what is still to come.
          const lag = items[0] === heard ? each.lag : Math.max(each.lag, events.length)
          for (const item of items) expect(follower.take(log.live(item, lag))).toBe(true)
          isConnected = !(each.do === 'toggle' && each.heard === 'one')
        }
      }
      resume(2)
      follower.handle(Infinity)

      // What was passed does not pile up.
      const out = threads.filter((id) => log.lastVisible(id) !== Infinity)
      expect(follower.away).toEqual(
        Object.fromEntries(out.map((id) => [id, [{ after: log.lastVisible(id), before: null }]])),
      )

      for (const stream of new Set(log.events.map((event) => event.stream))) {
        const isAbsence = (seq: number) =>
          log.absences.some((one) => one.stream === stream && seq > one.after && seq < one.before)
        const seqs = follower.handled.flatMap((e) => (e.stream === stream ? [e.seq] : []))
        expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b))
        const due = log.events.flatMap((e) => (e.stream === stream ? [e.seq] : []))
        expect(seqs.filter((seq) => !isAbsence(seq))).toEqual(
          due.filter((seq) => !isAbsence(seq) && seq <= log.lastVisible(stream)),
        )
      }
    }),
    { numRuns: 5_000 },
  )
})

function itemsOf(step: Step, heard: SkeinEvent[]): SkeinEvent[][] {
  if (step.do !== 'toggle' || step.heard === 'together') return [heard]
  const items = (step.turned ? heard.toReversed() : heard).map((event) => [event])
  return step.heard === 'one' ? items.slice(0, 1) : items
}

const post = (seq: number) =>
  ({ stream: 'a', seq, type: 'message.posted', payload: {} }) as unknown as SkeinEvent

test('items that are lost, doubled or out of order are holes or repeats, never a wrong delivery', () => {
  const mangled = fc
    .record({
      sizes: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 12 }),
      order: fc.array(fc.nat({ max: 11 }), { maxLength: 40 }),
    })
    .map(({ sizes, order }) => {
      const items: Item[] = []
      let seq = 0
      for (const size of sizes) {
        const events = Array.from({ length: size }, () => post(++seq))
        items.push({ cursor: String(seq), events })
      }
      return { items, order: order.flatMap((at) => items[at] ?? []), last: seq }
    })
  fc.assert(
    fc.property(mangled, ({ items, order, last }) => {
      let position: Position = { cursor: '0', heads: { a: 0 }, away: {} }
      const seqs: number[] = []
      const take = (item: Item) => {
        const taken = advance(position, item, 2)
        if ('hole' in taken) {
          expect(taken.hole.after).toBe(seqs.length)
          return
        }
        for (const batch of taken.batches) {
          seqs.push(...batch.events.map((event) => event.seq))
          position = batch.position
        }
      }
      for (const item of [...order, ...items]) take(item)
      expect(seqs).toEqual(Array.from({ length: last }, (_, i) => i + 1))
    }),
    { numRuns: 5_000 },
  )
})
