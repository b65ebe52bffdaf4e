import type { AppLoadContext } from '@remix-run/server-runtime'
import { TRPCError } from '@trpc/server'
import { describe, expect, it } from 'vitest'
import { answerForm, FieldError, type FormOutcome } from './form-result.ts'

const request = new Request('http://skein.example/account?tab=1')
const context = { requestId: 'the-request' } as AppLoadContext

/** A refusal with its stable reason, as the server's own errors carry it. */
class Refused extends Error {
  readonly reason: string
  constructor(reason: string, message: string) {
    super(message)
    this.reason = reason
  }
}

function refuse(code: TRPCError['code'], reason: string, message: string): TRPCError {
  return new TRPCError({ code, message, cause: new Refused(reason, message) })
}

async function answer(run: () => Promise<FormOutcome>) {
  const form = new FormData()
  form.set('intent', 'profile')
  form.set('handle', 'ada')
  form.set('newPassword', 'four geese over the lake')
  const texts = {
    fields: { handle: 'Use small letters.' },
    places: { HANDLE_TAKEN: 'handle' },
  }
  return answerForm({ context, request }, form, texts, run)
}

async function answerTo(error: Error) {
  const result = await answer(() => Promise.reject(error))
  if (result instanceof Response) throw new Error('a page was expected')
  return { ...result.data, status: result.init?.status }
}

describe('a form that was refused', () => {
  it('comes back with what was typed, but never with a password', async () => {
    const { values, ok } = await answerTo(refuse('CONFLICT', 'HANDLE_TAKEN', 'It is taken.'))
    expect(ok).toBe(false)
    expect(values).toEqual({ intent: 'profile', handle: 'ada' })
  })

  it('says at the field what the reason is about', async () => {
    expect(await answerTo(refuse('CONFLICT', 'HANDLE_TAKEN', 'It is taken.'))).toMatchObject({
      status: 409,
      problem: null,
      fields: { handle: 'It is taken.' },
    })
  })

  it('says above the fields what is about none of them', async () => {
    expect(await answerTo(refuse('TOO_MANY_REQUESTS', 'RATE_LIMITED', 'Wait.'))).toMatchObject({
      status: 429,
      problem: 'Wait.',
      fields: {},
    })
  })

  it('speaks our words where the input did not fit the schema', async () => {
    const cause = Object.assign(new Error(), { issues: [{ path: ['handle'], message: 'regex' }] })
    const error = new TRPCError({ code: 'BAD_REQUEST', cause })
    expect(await answerTo(error)).toMatchObject({ fields: { handle: 'Use small letters.' } })
  })

  it('names the request when the trouble is our own', async () => {
    const error = new TRPCError({ code: 'INTERNAL_SERVER_ERROR', message: 'secret detail' })
    const { status, problem } = await answerTo(error)
    expect(status).toBe(500)
    expect(problem).toContain('the-request')
    expect(problem).not.toContain('secret')
  })

  it('says what the page itself found wrong', async () => {
    expect(await answerTo(new FieldError({ people: 'Nobody.' }))).toMatchObject({
      status: 400,
      fields: { people: 'Nobody.' },
    })
  })
})

it('a form of somebody whose session is over leads to signing in and back', async () => {
  const refused = answer(() => Promise.reject(refuse('UNAUTHORIZED', 'NOT_SIGNED_IN', 'Sign in.')))
  const response: unknown = await refused.catch((thrown: unknown) => thrown)
  expect(response).toBeInstanceOf(Response)
  expect((response as Response).headers.get('location')).toBe(
    `/sign-in?to=${encodeURIComponent('/account?tab=1')}`,
  )
})

it('a mistake in the page itself is not passed off as a refusal', async () => {
  await expect(answer(() => Promise.reject(new RangeError('a bug')))).rejects.toThrow('a bug')
})

it('what was made is shown, and says nothing else', async () => {
  const result = await answer(async () => ({ made: 'skein_abc' }))
  expect(result).toMatchObject({ data: { ok: true, made: 'skein_abc', problem: null, values: {} } })
})
