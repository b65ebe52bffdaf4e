import { expect, test } from 'vitest'
import type { SkeinEvent } from '../contract.ts'
import { advance, type Item, type Position, positionFrom } from './position.ts'

const me = 'm'

function said(thread: string, seq: number): SkeinEvent {
  return event(thread, seq, 'message.posted', {})
}

function left(seq: number, leftSeq: number): SkeinEvent {
  return event(me, seq, 'participation.ended', { threadId: 'a', leftSeq })
}

function joined(seq: number, joinedSeq: number): SkeinEvent {
  return event(me, seq, 'participation.started', { thread: { id: 'a' }, joinedSeq })
}

function event(stream: string, seq: number, type: string, payload: object): SkeinEvent {
  return { stream, seq, type, payload } as unknown as SkeinEvent
}

const start: Position = { cursor: 'c0', heads: { a: 1, [me]: 1 }, away: {} }

/** How far the thread was handled, and what is still known of absences, after one item after the other. */
function after(...items: SkeinEvent[][]): unknown {
  const position = handle(start, ...items)
  return typeof position === 'string' ? position : { head: position.heads.a, away: position.away }
}

/** Takes one item after the other, each kept as JSON. */
function handle(position: Position, ...items: SkeinEvent[][]): Position | string {
  for (const events of items) {
    const item: Item = { cursor: 'c1', events }
    const taken = advance(position, item, 100)
    if ('hole' in taken)
      return `missing after ${taken.hole.stream} ${taken.hole.after}, before ${taken.hole.before}`
    position = positionFrom(JSON.parse(JSON.stringify(taken.batches.at(-1)?.position)) as Position)
  }
  return position
}

test('what was said while we were out is not missing; what was said before and after is', () => {
  const out = [[left(2, 4)], [joined(3, 9)]]
  expect(after(...out, [said('a', 9)])).toBe('missing after a 1, before 9')
  const until4 = [said('a', 2), said('a', 3), said('a', 4)]
  expect(after(...out, until4, [said('a', 9)])).toEqual({ head: 9, away: {} })
  expect(after(...out, until4, [said('a', 10)])).toBe('missing after a 4, before 10')
  expect(after(...out, until4, [said('a', 9)], [said('a', 11)])).toBe(
    'missing after a 9, before 11',
  )
})

test('our own stream may tell of several absences before anything of the thread comes', () => {
  const own = [left(2, 1), joined(3, 3), left(4, 4), joined(5, 8)]
  const first = { after: 1, before: 3 }
  const second = { after: 4, before: 8 }
  expect(after(own)).toEqual({ head: 1, away: { a: [first, second] } })
  expect(after(own, [said('a', 3)])).toEqual({ head: 3, away: { a: [second] } })
  expect(after(own, [said('a', 3), said('a', 4), said('a', 8)])).toEqual({ head: 8, away: {} })
  expect(after(own, [said('a', 3), said('a', 8)])).toBe('missing after a 3, before 8')
  expect(after(own, [said('a', 8)])).toBe('missing after a 1, before 8')
  const outAgain = own.slice(0, 3)
  expect(after(outAgain, [said('a', 3)])).toEqual({
    head: 3,
    away: { a: [{ after: 4, before: null }] },
  })
})

test('some of what was said while we were out may come late, and some not', () => {
  const out = [[left(2, 1)], [joined(3, 9)]]
  expect(after(...out, [said('a', 2)], [said('a', 5)], [said('a', 9)])).toEqual({
    head: 9,
    away: {},
  })
})

test('a thread may come before our own stream, also when it jumps', () => {
  const out = [left(2, 1)]
  expect(after(out, [said('a', 9)], [said('a', 10)], [joined(3, 9)])).toEqual({
    head: 10,
    away: {},
  })
  expect(after(out, [said('a', 9)], [said('a', 11)])).toBe('missing after a 9, before 11')
  expect(after([said('a', 2), said('a', 3)], [left(2, 1), joined(3, 3)])).toEqual({
    head: 3,
    away: {},
  })
})

test('a position that an earlier version kept goes on', () => {
  const kept = { cursor: 'c', heads: { a: 4, [me]: 2 }, away: { a: { after: 4, before: null } } }
  const position = positionFrom(kept as never)
  expect(handle(position, [joined(3, 9)], [said('a', 9)])).toMatchObject({ heads: { a: 9 } })
  expect(positionFrom({ cursor: 'c' })).toEqual({ cursor: 'c', heads: {}, away: {} })
})

test('what has no cursor, or heads that are none, is no position', () => {
  for (const value of [undefined, null, 'c', {}, { cursor: 1 }, { cursor: 'c', heads: [] }])
    expect(() => positionFrom(value as unknown as Position)).toThrow('no position')
  expect(positionFrom({ cursor: 'c' })).toEqual({ cursor: 'c', heads: {}, away: {} })
})
