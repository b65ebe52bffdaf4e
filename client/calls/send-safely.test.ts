import { createHook } from 'node:async_hooks'
import { getEventListeners } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { createClient, type SkeinClient } from '../create-client.ts'
import { SkeinError } from '../skein-error.ts'
import { sendSafely } from './send-safely.ts'
import { openClientFixture, type ClientFixture } from '../testing/client-fixture.ts'

let fixture: ClientFixture

beforeAll(async () => {
  fixture = await openClientFixture()
})
afterEach(() => {
  Object.assign(fixture.proxy, { isDown: false, lostAnswers: 0 })
})
afterAll(async () => {
  await fixture.close()
})

const open = (token = fixture.token) => createClient({ url: fixture.proxy.url, token })

function takeDown(): void {
  fixture.proxy.isDown = true
  fixture.proxy.cut()
}

async function countOf(text: string): Promise<number> {
  const { threadId, app } = fixture
  const { messages } = await app.people.ada.api.messages.list({ threadId, limit: 100 })
  return messages.filter((message) => message.text === text).length
}

test('a send whose answer got lost twice is one message, and gives it', async () => {
  const client = open()
  fixture.proxy.lostAnswers = 2
  const message = await client.send({ threadId: fixture.threadId, text: 'answered late' })
  expect(message.text).toBe('answered late')
  expect(fixture.proxy.lostAnswers).toBe(0)
  expect(await countOf('answered late')).toBe(1)
})

test('a send is tried until the server is back', async () => {
  const client = open()
  takeDown()
  const sending = client.send({ threadId: fixture.threadId, text: 'patient' })
  await sleep(700)
  fixture.proxy.isDown = false
  expect((await sending).text).toBe('patient')
  expect(await countOf('patient')).toBe(1)
})

test('a refusal is definite: it comes at once, by its name, with what is wrong', async () => {
  const client = open()
  const gone = client.send({ threadId: '00000000-0000-4000-8000-000000000000', text: 'hello?' })
  await expect(gone).rejects.toMatchObject({ reason: 'THREAD_NOT_FOUND', status: 404 })
  const empty = client.send({ threadId: fixture.threadId, text: '   ' })
  await expect(empty).rejects.toMatchObject({
    reason: 'INPUT_INVALID',
    fields: { text: 'a message needs text' },
    requestId: expect.any(String) as string,
  })
  const nobody = open('skein_nonsense').send({ threadId: fixture.threadId, text: 'x' })
  await expect(nobody).rejects.toMatchObject({ reason: 'TOKEN_REFUSED' })
})

type Answer = (pass: () => Promise<Response>) => Promise<Response>

/** Its first calls are answered so, one after the other; later ones pass. */
function answering(...answers: Answer[]): SkeinClient {
  return createClient({
    url: fixture.proxy.url,
    token: fixture.token,
    async fetch(input, init) {
      const pass = () => fetch(input, init)
      const answer = answers.shift() ?? pass
      return answer(pass)
    },
  })
}

const lost: Answer = async (pass) => {
  await pass()
  throw new TypeError('fetch failed')
}
const page: Answer = async () =>
  new Response('<h1>Not found</h1>', { status: 404, headers: { 'content-type': 'text/html' } })
const signedOut: Answer = async () => {
  const data = { reason: 'SESSION_ENDED', httpStatus: 401 }
  return Response.json({ error: { message: 'Sign in.', code: -32001, data } }, { status: 401 })
}

test('a proxy’s page is no answer: the send goes on under its clientId until the server says something', async () => {
  const client = answering(lost, page)
  const text = 'through a café'
  expect((await client.send({ threadId: fixture.threadId, text })).text).toBe(text)
  expect(await countOf(text)).toBe(1)
  const elsewhere = answering(...Array.from({ length: 100 }, () => page))
  await expect(
    elsewhere.send({ threadId: fixture.threadId, text, timeoutMs: 300 }),
  ).rejects.toMatchObject({
    reason: 'TIMED_OUT',
    message: expect.stringContaining('Something else than Skein') as string,
  })
})

test('who is signed out before the answer came is not told that the message was not kept', async () => {
  const { threadId } = fixture
  const asked = { threadId, text: 'kept or not', clientId: 'kept-or-not' }
  await expect(answering(signedOut).send(asked)).rejects.toMatchObject({ reason: 'SESSION_ENDED' })
  await expect(answering(lost, signedOut).send(asked)).rejects.toMatchObject({
    reason: 'TIMED_OUT',
    cause: expect.objectContaining({ reason: 'SESSION_ENDED' }) as SkeinError,
  })
  expect((await open().send(asked)).text).toBe('kept or not')
  expect(await countOf('kept or not')).toBe(1)
})

test('a server that takes the call and says nothing more is asked again', async () => {
  const { threadId } = fixture
  const client = open()
  await client.api.auth.me.query()
  fixture.proxy.freeze()
  const text = 'asked again'
  const message = await sendSafely(client.api, { threadId, text }, 500)
  expect(message.text).toBe(text)
  expect(await countOf(text)).toBe(1)
})

test('when time or patience is over, the outcome is said to be unknown, and the same id finds it out', async () => {
  const client = open()
  const { threadId } = fixture
  fixture.proxy.lostAnswers = 1_000
  const late = { threadId, text: 'who knows', clientId: 'who-knows' }
  await expect(client.send({ ...late, timeoutMs: 400 })).rejects.toMatchObject({
    reason: 'TIMED_OUT',
    message: expect.stringContaining('who-knows') as string,
  })
  const abort = new AbortController()
  const broken = client.send({ ...late, signal: abort.signal })
  setTimeout(() => abort.abort(), 100)
  await expect(broken).rejects.toMatchObject({ reason: 'ABORTED' })
  fixture.proxy.lostAnswers = 0
  expect((await client.send(late)).text).toBe('who knows')
  expect(await countOf('who knows')).toBe(1)
})

test('of a send that is over nothing is left: no timer, and nobody who listens to the caller’s signal', async () => {
  const timers = new Set<number>()
  const hook = createHook({
    init: (id, type) => void (type === 'Timeout' && timers.add(id)),
    destroy: (id) => void timers.delete(id),
  }).enable()
  const { signal } = new AbortController()
  const client = createClient({
    url: fixture.proxy.url,
    fetch: async () => Response.json({ result: { data: { message: { text: 'x' } } } }),
  })
  for (let sends = 0; sends < 1_000; sends++)
    await client.send({ threadId: fixture.threadId, text: 'x', signal, timeoutMs: Infinity })
  await sleep(50)
  hook.disable()
  // A few are of the servers that run here.
  expect(timers.size).toBeLessThan(100)
  expect(getEventListeners(signal, 'abort')).toHaveLength(0)
})

test('calls of every kind fail with a SkeinError: without a server, and where something else answers', async () => {
  takeDown()
  const client = open()
  for (const call of [
    () => client.api.auth.me.query(),
    () => client.api.threads.join.mutate({ threadId: 'x' }),
  ]) {
    const error: unknown = await call().catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(SkeinError)
    expect(error).toMatchObject({ reason: 'NO_ANSWER', passing: true })
  }
  const elsewhere = createClient({
    url: fixture.servers[0].opsUrl,
    fetch: async () =>
      new Response('<h1>Bad gateway</h1>', { status: 502, headers: { 'retry-after': '7' } }),
  })
  const error: unknown = await elsewhere.api.auth.me.query().catch((reason: unknown) => reason)
  expect(error).toMatchObject({ reason: 'NOT_SKEIN', status: 502, retryAfter: 7, passing: true })
})

test('a url that is none is refused when the client is made', () => {
  expect(() => createClient({ url: 'chat.example.org' })).toThrow(TypeError)
  expect(() => createClient({ url: 'ftp://chat.example.org' })).toThrow(/http/)
})
