/** What a socket's call gives, and what it fails with, is what tRPC's own way gives: step for step the same procedures. */
import { callTRPCProcedure, TRPCError } from '@trpc/server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Context } from '../../context.ts'
import { appRouter } from '../../router.ts'
import { addPerson, testContext, type TestPerson } from '../../testing/factories.ts'
import { createTestApp, type TestApp } from '../../testing/test-app.ts'
import { runProcedure, type ProcedureCall } from './run-procedure.ts'

let app: TestApp
let threadId: string
beforeAll(async () => {
  app = await createTestApp()
  threadId = (await app.people.ada.api.threads.list({})).threads[0]?.id ?? ''
})
afterAll(() => app.close())

const as = ({ actor }: TestPerson, more: Partial<Context> = {}) =>
  testContext(app.services, { actor, ...more })

async function ours(call: ProcedureCall): Promise<unknown> {
  const outcome = await runProcedure(call)
  if (!outcome.ok) throw outcome.error
  return outcome.data
}

async function outcomeOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    (data) => ({ data }),
    (error: unknown) => {
      if (!(error instanceof TRPCError)) throw error
      const { code, message, cause } = error
      return { code, message, cause: cause?.message }
    },
  )
}

function tRPCsOwnWay({ input, ...call }: ProcedureCall): Promise<unknown> {
  const getRawInput = () => Promise.resolve(input)
  return callTRPCProcedure({ router: appRouter, ...call, getRawInput, batchIndex: 0 })
}

const send = (clientId: string, text = 'once') => ({ threadId, clientId, text })

type Who = Record<'ada' | 'ben' | 'nobody', Context>

test.each<[string, (by: Who) => ProcedureCall, object]>([
  ['a query', ({ ada }) => query('auth.me', ada), { data: { user: { handle: 'ada' } } }],
  [
    'input with a default',
    ({ ada }) => query('messages.list', ada, { threadId }),
    { data: { hasOlder: false } },
  ],
  [
    'a mutation',
    ({ ada }) => mutation('messages.send', ada, send('same')),
    { data: { message: { text: 'once' } } },
  ],
  [
    'input that is wrong',
    ({ ada }) => mutation('messages.send', ada, send('no spaces please', ' ')),
    { code: 'BAD_REQUEST' },
  ],
  [
    'no input where one is needed',
    ({ ada }) => mutation('messages.send', ada),
    { code: 'BAD_REQUEST' },
  ],
  ['nobody', ({ nobody }) => query('threads.list', nobody, {}), { code: 'UNAUTHORIZED' }],
  [
    'who may not',
    ({ ben }) => mutation('server.update', ben, { name: 'Mine' }),
    { code: 'FORBIDDEN' },
  ],
  [
    'a refusal of the verb',
    ({ ben }) => query('messages.get', ben, { messageId: threadId }),
    { code: 'NOT_FOUND', cause: expect.stringContaining('There is no such message') as string },
  ],
  [
    'the wrong kind of call',
    ({ ada }) => query('messages.send', ada, send('query')),
    { code: 'NOT_FOUND', cause: undefined },
  ],
  ['no such procedure', ({ ada }) => query('messages.nothing', ada), { code: 'NOT_FOUND' }],
  ['what every object has', ({ ada }) => query('constructor', ada), { code: 'NOT_FOUND' }],
])('%s', async (_, make, expected) => {
  const { ada, ben } = app.people
  const call = () => make({ ada: as(ada), ben: as(ben), nobody: testContext(app.services) })
  const outcome = await outcomeOf(ours(call()))
  expect(outcome).toMatchObject(expected)
  expect(outcome).toEqual(await outcomeOf(tRPCsOwnWay(call())))
})

test('who asks beyond their pace is refused before anything runs', async () => {
  const slow = await createTestApp({ env: { CALLS_PER_SECOND: '1' } })
  try {
    const person = await addPerson(slow.services, 'Fast')
    const ctx = testContext(slow.services, { actor: person.actor })
    const call = () => outcomeOf(ours(query('auth.me', ctx)))
    const outcomes = await Promise.all(Array.from({ length: 20 }, call))
    expect(outcomes.at(-1)).toMatchObject({ code: 'TOO_MANY_REQUESTS' })
  } finally {
    await slow.close()
  }
})

function query(path: string, ctx: Context, input?: unknown): ProcedureCall {
  return { path, type: 'query', ctx, input, signal: undefined }
}
function mutation(path: string, ctx: Context, input?: unknown): ProcedureCall {
  return { path, type: 'mutation', ctx, input, signal: undefined }
}
