import { expect, test } from 'vitest'
import { PresenceBoard } from './presence-board.ts'
import { presenceTimes } from './presence-times.ts'
import type { PresenceState } from './presence.schema.ts'

const { retellMs } = presenceTimes

test('somebody who comes and goes all the time is told of once in a while, and rightly at the end', () => {
  const board = new PresenceBoard(presenceTimes)
  const told: [number, PresenceState][] = []
  let state: PresenceState = 'offline'
  for (let now = 0; now <= 60_000; now += 1_000) {
    state = now < 30_000 && now % 2_000 === 0 ? 'online' : 'offline'
    board.touch(['ada'])
    const hint = board.settle(now, () => state)
    for (const each of ['online', 'offline'] as const)
      if (hint?.[each].includes('ada')) told.push([now, each])
  }
  const gaps = told.slice(1).map(([at], i) => at - (told[i]?.[0] ?? 0))
  expect(told.length).toBeGreaterThan(3)
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(retellMs)
  expect(told.at(-1)?.[1]).toBe('offline')
})

test('a change that was held back is told by itself when its time has come', () => {
  const board = new PresenceBoard(presenceTimes)
  board.touch(['ada'])
  board.settle(0, () => 'online')
  board.touch(['ada'])
  expect(board.settle(1_000, () => 'away')).toBeNull()
  expect(board.settle(retellMs, () => 'away')).toMatchObject({ complete: false, away: ['ada'] })
  expect(board.settle(2 * retellMs, () => 'away')).toBeNull()
})

test('a new reader begins with everyone who is here, and only them', () => {
  const states: Record<string, PresenceState> = { ada: 'online', ben: 'away', cleo: 'online' }
  const board = new PresenceBoard(presenceTimes)
  const settle = (now: number) => {
    board.touch(Object.keys(states))
    board.settle(now, (id) => states[id] ?? 'offline')
  }
  settle(0)
  expect(board.complete).toEqual({
    type: 'presence',
    complete: true,
    online: ['ada', 'cleo'],
    away: ['ben'],
    offline: [],
  })
  expect(board.complete).toBe(board.complete)
  states['cleo'] = 'offline'
  settle(retellMs)
  expect(board.complete).toMatchObject({ online: ['ada'], away: ['ben'], offline: [] })
})
