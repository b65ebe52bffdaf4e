import { expect, it, vi } from 'vitest'
import { SkeinError } from '../../../client/index.ts'
import { outcomeOf } from './outcome-of.ts'

it('is a refusal when the server said no, with its words', () => {
  const no = new SkeinError('THREAD_ARCHIVED', 'This thread is archived.', { status: 409 })
  expect(outcomeOf(no)).toEqual({ type: 'refused', problem: 'This thread is archived.' })
})

it('is to go out later when nobody said no: no answer, no time, nobody signed in, a proxy in between', () => {
  const later = { type: 'later', afterMs: 3_000 }
  expect(outcomeOf(new SkeinError('TIMED_OUT', 'No definite answer in time.'))).toEqual(later)
  expect(outcomeOf(new SkeinError('ABORTED', 'Broken off.'))).toEqual(later)
  expect(outcomeOf(new SkeinError('NO_ANSWER', 'Not reached.'))).toEqual(later)
  expect(outcomeOf(new SkeinError('SESSION_ENDED', 'Sign in.', { status: 401 }))).toEqual(later)
  expect(outcomeOf(new SkeinError('NOT_SKEIN', 'A café.', { status: 200 }))).toEqual(later)
  const busy = new SkeinError('RATE_LIMITED', 'Too many at once.', { status: 429, retryAfter: 7 })
  expect(outcomeOf(busy)).toEqual({ type: 'later', afterMs: 7_000 })
})

it('keeps a message whose sending failed by a mistake of the page, and reports the mistake', () => {
  const reported = vi.fn()
  vi.stubGlobal('reportError', reported)
  const mistake = new TypeError('x is not a function')
  expect(outcomeOf(mistake)).toEqual({ type: 'later', afterMs: 3_000 })
  expect(reported).toHaveBeenCalledExactlyOnceWith(mistake)
  vi.unstubAllGlobals()
})
