import { expect, test } from 'vitest'
import { judge } from './gates.ts'
import { Results } from './results.ts'

function reached(skein: number, ws: number, socketIo?: number) {
  const results = new Results()
  results.add('skein', { steadyPerCpu: skein })
  results.add('ws', { steadyPerCpu: ws })
  if (socketIo !== undefined) results.add('socket-io', { steadyPerCpu: socketIo })
  const [verdict] = judge(results)
  return verdict
}

test('what reaches the aim is marked so, what only passes the gate, and what is short of it', () => {
  expect(reached(95, 100)?.mark).toBe('aim')
  expect(reached(75, 100)?.mark).toBe('gate')
  expect(reached(69, 100)?.mark).toBe('SHORT')
})

test('every peer of the gate counts', () => {
  expect(reached(95, 100, 90)?.mark).toBe('SHORT')
  expect(reached(95, 100, 60)?.mark).toBe('aim')
})

test('less is better where it is time or memory, and nothing may be lost', () => {
  const results = new Results()
  results.add('skein', { idleCollected: 19, lost: 1 })
  results.add('ws', { idleCollected: 10 })
  expect(judge(results).map(({ metric, mark }) => [metric, mark])).toEqual([
    ['idleCollected', 'gate'],
    ['lost', 'SHORT'],
  ])
})

test('without the peers nothing is judged, and what was not measured has no row', () => {
  const results = new Results()
  results.add('skein', { steadyPerCpu: 95 })
  expect(judge(results).map(({ mark }) => mark)).toEqual(['not judged'])
})

test('ratios say how Skein stands to each peer', () => {
  expect(reached(95, 100, 50)?.ratios).toBe('0.95 × ws, 1.90 × socket-io')
})

test('ratios are taken round by round: an hour in which all are slow is nobody’s', () => {
  const results = new Results()
  for (const [skein, ws] of [
    [80, 100],
    [75, 100],
    [30, 40],
    [38, 50],
  ] as const) {
    results.add('skein', { steadyPerCpu: skein })
    results.add('ws', { steadyPerCpu: ws })
  }
  // Of their medians it would be 56.5 ÷ 75.
  expect(judge(results)[0]).toMatchObject({ ratios: '0.76 (0.75 – 0.80) × ws', mark: 'gate' })
})

test('where there is an aim and no gate, missing the aim is being short', () => {
  const results = new Results()
  results.add('skein', { historyPagesLong: 50 })
  results.add('ws', { historyPagesLong: 100 })
  expect(judge(results).map(({ mark }) => mark)).toEqual(['SHORT'])
})
