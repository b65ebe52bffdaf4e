import { expect, test } from 'vitest'
import { OtherInstances } from './other-instances.ts'
import type { SignalOf } from './presence-signals.ts'
import { presenceTimes } from './presence-times.ts'

const { graceMs, silentMs } = presenceTimes
type People = Pick<SignalOf<'changes'>, 'online' | 'away' | 'offline'>
const change = (from: string, seq: number, people: Partial<People>): SignalOf<'changes'> => ({
  kind: 'changes',
  from,
  seq,
  online: [],
  away: [],
  offline: [],
  ...people,
})
const all = (
  from: string,
  seq: number,
  online: string[],
  part = 0,
  parts = 1,
): SignalOf<'all'> => ({ kind: 'all', from, seq, part, parts, online, away: [] })
const alive = (from: string, seq: number): SignalOf<'alive'> => ({ kind: 'alive', from, seq })

/** Knows all of one instance, where Ada is online. */
function informed(): OtherInstances {
  const others = new OtherInstances(presenceTimes)
  others.all(all('b', 3, ['ada']), 0)
  return others
}

test('an instance that was never heard of is asked for all of its people', () => {
  const others = new OtherInstances(presenceTimes)
  expect(others.alive(alive('b', 7), 0).ask).toBe(true)
  expect([...others.all(all('b', 7, ['ada']), 0).changed]).toEqual(['ada'])
  expect(others.alive(alive('b', 7), 0).ask).toBe(false)
  expect(others.stateOf('ada')).toBe('online')
})

test('whoever is active on one of several instances is online', () => {
  const others = informed()
  others.all(all('c', 1, []), 0)
  others.changes(change('c', 2, { away: ['ada'] }), 0)
  expect(others.stateOf('ada')).toBe('online')
  others.changes(change('b', 4, { offline: ['ada'] }), 0)
  expect(others.stateOf('ada')).toBe('away')
})

test('a lost signal is noticed by the next change, or by the next sign of life', () => {
  for (const next of ['change', 'sign of life']) {
    const others = informed()
    // Change 4 was lost: Ada left, Ben came.
    const heard =
      next === 'change'
        ? others.changes(change('b', 5, { online: ['cleo'] }), 0)
        : others.alive(alive('b', 4), 0)
    expect(heard.ask).toBe(true)
    const changed = [...others.all(all('b', 5, ['ben', 'cleo']), 0).changed]
    expect(changed.sort()).toEqual(['ada', 'ben', 'cleo'])
    expect(['ada', 'ben', 'cleo'].map((id) => others.stateOf(id))).toEqual([
      'offline',
      'online',
      'online',
    ])
  }
})

test('a signal that comes twice, or late, changes nothing', () => {
  const others = informed()
  others.changes(change('b', 4, { away: ['ada'] }), 0)
  expect(others.changes(change('b', 4, { online: ['ada'] }), 0)).toEqual({
    changed: [],
    ask: false,
  })
  others.all(all('b', 3, []), 0)
  expect(others.stateOf('ada')).toBe('away')
})

test('a list in parts counts when all of them came', () => {
  const others = informed()
  others.alive(alive('b', 8), 0)
  others.all(all('b', 8, ['ben'], 0, 3), 0)
  others.all(all('b', 8, ['dan'], 2, 3), 0)
  expect(others.stateOf('ada')).toBe('online')
  expect(others.stateOf('ben')).toBe('offline')
  expect(others.alive(alive('b', 8), 0).ask).toBe(true)
  others.all(all('b', 8, ['ben'], 0, 2), 0)
  others.all(all('b', 8, ['dan'], 1, 2), 0)
  expect(['ada', 'ben', 'dan'].map((id) => others.stateOf(id))).toEqual([
    'offline',
    'online',
    'online',
  ])
})

test('the people of an instance that falls silent are gone with it', () => {
  const others = informed()
  others.alive(alive('b', 3), 1_000)
  expect(others.expire(silentMs)).toEqual([])
  expect(others.expire(1_000 + silentMs)).toEqual(['ada'])
  expect(others.stateOf('ada')).toBe('offline')
})

test('the people of an instance that stops have a while to come back elsewhere', () => {
  const others = informed()
  others.bye({ kind: 'bye', from: 'b' }, 0)
  expect(others.expire(graceMs - 1)).toEqual([])
  expect(others.stateOf('ada')).toBe('online')
  expect(others.expire(graceMs)).toEqual(['ada'])
})
