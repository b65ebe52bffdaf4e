import { expect, test } from 'vitest'
import type { Attempt } from '../check/history.ts'
import { unavailableAnswers } from './unavailable-answers.ts'

const away: Attempt = {
  ...{ at: 5_000, took: 300, instance: 'instance-1', outcome: 'unavailable' },
  ...{ status: 503, retryAfter: 2 },
}

function count(...attempts: Attempt[]) {
  const send = { authorId: 'ada', clientId: 'a1', threadId: 'thread', attempts }
  return unavailableAnswers([send], 1_000, 10_000)
}

test('503 with Retry-After, in time, is what a try without a database gets', () => {
  const expected = { tries: 1, acknowledged: 0, unanswered: 0, wrong: 0, slowest: 300 }
  expect(count(away)).toEqual(expected)
  // Before it, and so late that the return may have overtaken it: not counted.
  expect(count(away, { ...away, at: 900 }, { ...away, at: 8_100 })).toEqual(expected)
})

test('each other answer shows', () => {
  expect(count({ ...away, outcome: 'ok', status: 200 })).toMatchObject({
    acknowledged: 1,
    wrong: 1,
  })
  const { status, retryAfter, ...unanswered } = away
  expect(count({ ...unanswered, outcome: 'unknown', took: 5_000 })).toMatchObject({ unanswered: 1 })
  expect(count({ ...unanswered, retryAfter: retryAfter ?? 0, status: 500 })).toMatchObject({
    wrong: 1,
  })
  expect(count({ ...unanswered, status: status ?? 0 })).toMatchObject({ wrong: 1 })
  expect(count({ ...away, took: 4_000 })).toMatchObject({ slowest: 4_000 })
})
