import { expect, test } from 'vitest'
import type { Attempt } from '../check/history.ts'
import { unavailableAnswers } from './unavailable-answers.ts'

const overSocket: Attempt = {
  ...{ at: 5_000, took: 300, instance: 'instance-1', way: 'socket', outcome: 'unavailable' },
  ...{ reason: 'DATABASE_UNAVAILABLE', retryAfter: 2 },
}
const overHttp: Attempt = { ...overSocket, way: 'http', status: 503 }

function count(...attempts: Attempt[]) {
  const send = { authorId: 'ada', clientId: 'a1', threadId: 'thread', attempts }
  return unavailableAnswers([send], 1_000, 10_000)
}

test('that the database is away and when to try again, in time, is what a try without it gets', () => {
  const expected = {
    ...{ overHttp: 1, overSocket: 1, acknowledged: 0, unanswered: 0, wrong: 0, slowest: 300 },
  }
  expect(count(overHttp, overSocket)).toEqual(expected)
  const early = { ...overHttp, at: 900 }
  // So late that the return may have overtaken it.
  const late = { ...overSocket, at: 8_100 }
  expect(count(overHttp, overSocket, early, late)).toEqual(expected)
})

test.each([overHttp, overSocket])('each other answer over $way shows', (away) => {
  const { reason, retryAfter, ...bare } = away
  expect(count({ ...bare, outcome: 'ok' })).toMatchObject({ acknowledged: 1, wrong: 1 })
  expect(count({ ...bare, outcome: 'unknown', took: 5_000 })).toMatchObject({ unanswered: 1 })
  expect(count({ ...away, reason: 'INTERNAL' })).toMatchObject({ wrong: 1 })
  expect(count({ ...away, reason: 'THREAD_NOT_FOUND', outcome: 'refused' })).toMatchObject({
    wrong: 1,
  })
  expect(count({ ...bare, reason: reason ?? '' })).toMatchObject({ wrong: 1 })
  expect(count({ ...bare, retryAfter: retryAfter ?? 0 })).toMatchObject({ wrong: 1 })
  expect(count({ ...away, took: 4_000 })).toMatchObject({ slowest: 4_000 })
})

test('over HTTP the status says it, too', () => {
  expect(count({ ...overHttp, status: 500 })).toMatchObject({ wrong: 1 })
})
