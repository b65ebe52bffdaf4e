import fc from 'fast-check'
import { expect, test } from 'vitest'
import { carry, type CarriedEvent } from './carried-event.ts'
import { OrderedStream } from './ordered-stream.ts'

const stream = '018f0000-0000-7000-8000-000000000001'
const event = (seq: number): CarriedEvent =>
  carry({
    stream,
    seq,
    type: 'session.ended',
    version: 1,
    at: '',
    actorId: null,
    payload: { sessionId: stream },
  })

/** A network: each event is lost, or arrives once or twice, somewhere between the others. */
const arrivals = (head: number, total: number) =>
  fc.shuffledSubarray(
    Array.from({ length: 2 * (total - head) }, (_, i) => head + 1 + (i >> 1)),
    { minLength: 0 },
  )

test('whatever is lost, doubled or reordered, delivery is each event once, in order, and the log fills the rest', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 20 }).chain((head) =>
        fc.integer({ min: head, max: head + 40 }).chain((total) =>
          fc.record({
            head: fc.constant(head),
            total: fc.constant(total),
            arriving: arrivals(head, total),
            // After how many arrivals the head becomes known, and the log is read (up to which event, by then).
            headKnownAfter: fc.nat(10),
            looks: fc.array(fc.record({ after: fc.nat(80), upTo: fc.nat(60) }), { maxLength: 5 }),
          }),
        ),
      ),
      ({ head, total, arriving, headKnownAfter, looks }) => {
        const delivered: number[] = []
        let asked = 0
        const order = new OrderedStream(
          ({ seq }) => delivered.push(seq),
          () => asked++,
        )
        const read = (upTo: number) => {
          const announced = order.early
          for (let seq = (order.seq ?? 0) + 1; seq <= Math.min(upTo, total); seq++)
            order.offer(event(seq))
          if (upTo >= total) order.discard(announced)
        }
        arriving.forEach((seq, i) => {
          if (i === headKnownAfter) order.startAfter(head)
          order.offer(event(seq))
          if (order.seq !== null)
            for (const look of looks) if (look.after === i) read(head + look.upTo)
        })
        order.startAfter(head)
        // Whatever waits has been asked for.
        if (order.waiting > 0) expect(asked).toBeGreaterThan(0)
        const before = delivered.length
        expect(delivered).toEqual(Array.from({ length: before }, (_, i) => head + 1 + i))
        read(total)
        expect(delivered).toEqual(Array.from({ length: total - head }, (_, i) => head + 1 + i))
        expect(order.waiting).toBe(0)
      },
    ),
    { numRuns: 2_000 },
  )
})

test('what waits is bounded, and what was left out comes from the log', () => {
  const delivered: number[] = []
  const order = new OrderedStream(
    ({ seq }) => delivered.push(seq),
    () => undefined,
  )
  order.startAfter(0)
  for (let seq = 2; seq <= 5_000; seq++) order.offer(event(seq))
  expect(delivered).toEqual([])
  expect(order.waiting).toBeLessThanOrEqual(500)
  for (let seq = 1; seq <= 5_000; seq++) order.offer(event(seq))
  expect(delivered).toHaveLength(5_000)
})
