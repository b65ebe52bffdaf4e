import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AppError } from '../../errors.ts'
import { lockStreams } from '../../log/append.ts'
import type { Trx } from '../../log/commit.ts'
import { until } from '../../testing/log-fixture.ts'
import { say, startThread } from '../../testing/start-thread.ts'
import { createTestApp, type TestApp } from '../../testing/test-app.ts'
import { releaseParticipant } from '../threads/release-participant.ts'
import { requireParticipant } from '../threads/require-participant.ts'
import { createPostbox, type Postbox, type PostboxOptions } from './create-postbox.ts'
import type { Message } from './messages.schema.ts'
import { sendMessage } from './send-message.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp({ instances: 2 })
})
afterAll(() => app.close())

/** A postbox of its own, which counts its transactions. */
function openPostbox(options: PostboxOptions): { postbox: Postbox; transactions: () => number } {
  let transactions = 0
  const postbox = createPostbox((work, how) => {
    transactions++
    return app.services.commit(work, how)
  }, options)
  return { postbox, transactions: () => transactions }
}

const outcomeOf = (sending: Promise<{ id: string }>) =>
  sending.then(
    ({ id }) => id,
    (error: unknown) => {
      if (error instanceof AppError) return error.reason
      throw error
    },
  )

/** Does another transaction wait for this one? */
async function isWaitedFor(trx: Trx): Promise<boolean> {
  const { rows } = await sql<{ waited: boolean }>`
    select exists (select from pg_stat_activity where pg_backend_pid() = any(pg_blocking_pids(pid))) as waited`.execute(
    trx,
  )
  return rows[0]?.waited ?? false
}

/** Numbers and types of a thread's log, in order. */
async function log(threadId: string) {
  return app.services.db
    .selectFrom('events')
    .select(['seq', 'type', 'payload'])
    .where('streamId', '=', threadId)
    .orderBy('seq')
    .execute()
}

/** What the log says was posted is what is kept, without a hole. */
async function postedIn(threadId: string): Promise<Message[]> {
  const events = await log(threadId)
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1))
  const { messages, head } = await listAll(threadId)
  expect(head).toBe(events.length)
  const posted = events.filter(({ type }) => type === 'message.posted')
  expect(posted.map(({ payload }) => payload.message)).toEqual(messages)
  expect(posted.map(({ seq }) => seq)).toEqual(messages.map(({ seq }) => seq))
  return messages
}

async function listAll(threadId: string) {
  const messages = []
  for (let after = 0; ;) {
    const page = await app.people.ada.api.messages.list({ threadId, after, limit: 100 })
    messages.push(...page.messages)
    after = messages.at(-1)?.seq ?? 0
    if (!page.hasNewer) return { messages, head: page.head }
  }
}

test('64 writers in 20 threads over two instances: all that was acknowledged is there once, in order', async () => {
  const { ada, ben, cleo, dan } = app.people
  const people = [ada, ben, cleo, dan]
  const threads: string[] = []
  for (let place = 0; place < 20; place++)
    threads.push((await startThread(ada, 'private', [ben, cleo, dan])).id)
  const turns = 12
  const acknowledged = await Promise.all(
    Array.from({ length: 64 }, async (_, writer) => {
      const instance = app.instances[writer % 2] ?? app.services
      const api = people[writer % 4]?.on(instance) ?? ada.api
      const threadId = threads[writer % 20] ?? ''
      // Without waiting for the answer before: it is the order of the calls that counts.
      const answers = Array.from({ length: turns }, (_, turn) =>
        api.messages.send({
          threadId,
          clientId: randomUUID(),
          text: `writer ${writer}, turn ${turn}`,
        }),
      )
      return (await Promise.all(answers)).map(({ message }) => message)
    }),
  )
  for (const messages of acknowledged) {
    const seqs = messages.map(({ seq }) => seq)
    expect(seqs).toEqual([...seqs].sort((a, b) => a - b))
  }
  let kept = 0
  for (const threadId of threads) {
    const mine = acknowledged.flat().filter((message) => message.threadId === threadId)
    const posted = await postedIn(threadId)
    expect(posted).toEqual(mine.sort((a, b) => a.seq - b.seq))
    kept += posted.length
  }
  expect(kept).toBe(64 * turns)
})

describe.each([
  { how: 'each told apart', options: { manyFrom: Infinity } },
  { how: 'as if each were new and allowed', options: { manyFrom: 1, carefulFor: 0 } },
])('messages that go together, $how', ({ options }) => {
  test('are one transaction, and each has its own permission: who was removed meanwhile is out', async () => {
    const { ada, ben } = app.people
    const { id: threadId } = await startThread(ada, 'private', [ben])
    const { id: other } = await startThread(ada, 'private', [ben])
    const { postbox, transactions } = openPostbox(options)
    const send = (authorId: string, turn: number) =>
      postbox.send({
        threadId: turn % 2 ? threadId : other,
        authorId,
        clientId: randomUUID(),
        text: `turn ${turn}`,
      })
    let begun = false
    let release = () => {}
    const released = new Promise<void>((resolve) => (release = resolve))
    const removing = app.services.commit(async (trx) => {
      await lockStreams(trx, [threadId, ben.user.id])
      const his = await requireParticipant(trx, ben.user.id, threadId)
      await releaseParticipant(trx, ada.user.id, ben.user.id, his)
      begun = true
      await released
    })
    await until(() => begun, 5_000, 'the removal is under way')
    const sent = Array.from({ length: 40 }, (_, turn) =>
      outcomeOf(send(turn % 4 === 1 ? ben.user.id : ada.user.id, turn)),
    )
    await until(() => transactions() === 1, 5_000, 'the messages are under way')
    release()
    await removing
    const outcomes = await Promise.all(sent)
    expect(transactions()).toBe(1)
    expect(outcomes.filter((outcome) => outcome === 'THREAD_NOT_FOUND')).toHaveLength(10)
    for (const [turn, outcome] of outcomes.entries())
      expect(outcome === 'THREAD_NOT_FOUND').toBe(turn % 4 === 1)
    expect(await postedIn(threadId)).toHaveLength(10)
    expect(await postedIn(other)).toHaveLength(20)
  })

  test('with the same clientId are one message, and in another thread none', async () => {
    const { ada, ben } = app.people
    const { id: threadId } = await startThread(ada, 'private', [ben])
    const { id: other } = await startThread(ada, 'private', [ben])
    const { postbox, transactions } = openPostbox(options)
    const clientId = randomUUID()
    const send = (where: string, authorId = ada.user.id) =>
      outcomeOf(postbox.send({ threadId: where, authorId, clientId, text: 'once' }))
    const sent = [
      ...Array.from({ length: 10 }, () => send(threadId)),
      send(other),
      send(threadId, ben.user.id),
      send(threadId),
    ]
    const [first, ...rest] = await Promise.all(sent)
    const elsewhere = rest.splice(9, 2)
    expect(new Set([first, ...rest]).size).toBe(1)
    expect(elsewhere[0]).toBe('CLIENT_ID_REUSED')
    expect(transactions()).toBe(1)
    expect(await postedIn(threadId)).toHaveLength(2)
    expect(await postedIn(other)).toEqual([])
  })

  test('with what Postgres cannot keep among them: that fails alone', async () => {
    const { ada } = app.people
    const { id: threadId } = await startThread(ada, 'private')
    const { id: other } = await startThread(ada, 'private')
    const { postbox } = openPostbox(options)
    const sent = Array.from({ length: 20 }, (_, turn) =>
      postbox.send({
        threadId: turn % 2 ? threadId : other,
        authorId: ada.user.id,
        clientId: randomUUID(),
        text: turn === 7 ? 'a NUL \u0000' : `turn ${turn}`,
      }),
    )
    const settled = await Promise.allSettled(sent)
    expect(settled.flatMap(({ status }, turn) => (status === 'rejected' ? [turn] : []))).toEqual([
      7,
    ])
    const texts = (await postedIn(threadId)).map(({ text }) => text)
    expect(texts).toEqual([1, 3, 5, 9, 11, 13, 15, 17, 19].map((turn) => `turn ${turn}`))
    expect(await postedIn(other)).toHaveLength(10)
  })

  test('leave no hole when another instance posts one of them elsewhere at that very moment', async () => {
    const { ada } = app.people
    const { id: threadId } = await startThread(ada, 'private')
    const { id: other } = await startThread(ada, 'private')
    const clientId = randomUUID()
    const { postbox } = openPostbox(options)
    let sent: Promise<string>[] = []
    await app.instances[1]?.commit(async (trx) => {
      await sendMessage(trx, ada.user.id, { threadId: other, clientId, text: 'first' })
      sent = Array.from({ length: 5 }, (_, turn) =>
        outcomeOf(
          postbox.send({
            threadId,
            authorId: ada.user.id,
            clientId: turn === 2 ? clientId : randomUUID(),
            text: `turn ${turn}`,
          }),
        ),
      )
      // They could not know of it when they looked, and now they wait for what becomes of it.
      while (!(await isWaitedFor(trx)));
    })
    const outcomes = await Promise.all(sent)
    expect(outcomes[2]).toBe('CLIENT_ID_REUSED')
    const texts = (await postedIn(threadId)).map(({ text }) => text)
    expect(texts).toEqual([0, 1, 3, 4].map((turn) => `turn ${turn}`))
    expect(await postedIn(other)).toHaveLength(1)
  })

  test('in an archived thread are refused, the others are posted', async () => {
    const { ada } = app.people
    const { id: threadId } = await startThread(ada, 'private')
    const { id: other } = await startThread(ada, 'private')
    await ada.api.threads.archive({ threadId })
    const before = (await log(threadId)).length
    const { postbox } = openPostbox(options)
    const outcomes = await Promise.all(
      [threadId, other, threadId, other].map((where) =>
        outcomeOf(
          postbox.send({
            threadId: where,
            authorId: ada.user.id,
            clientId: randomUUID(),
            text: 'still there?',
          }),
        ),
      ),
    )
    expect([outcomes[0], outcomes[2]]).toEqual(['THREAD_ARCHIVED', 'THREAD_ARCHIVED'])
    expect(await log(threadId)).toHaveLength(before)
    expect((await postedIn(other)).map(({ id }) => id)).toEqual([outcomes[1], outcomes[3]])
  })
})

test('a thread is the same however its id is written', async () => {
  const { ada } = app.people
  const { id: threadId } = await startThread(ada, 'private')
  const clientId = randomUUID()
  const { message } = await ada.api.messages.send({ threadId, clientId, text: 'quiet' })
  const loud = { threadId: threadId.toUpperCase(), clientId, text: 'quiet' }
  expect((await ada.api.messages.send(loud)).message).toEqual(message)
  const { message: next } = await ada.api.messages.send({ ...loud, clientId: randomUUID() })
  expect(next).toMatchObject({ threadId, seq: message.seq + 1 })
})

test('mentions of messages that go together each count where they were made', async () => {
  const { ada, ben, cleo } = app.people
  const { id: threadId } = await startThread(ada, 'private', [ben])
  const { id: other } = await startThread(ada, 'private', [ben, cleo])
  const texts = ['hello @ben', 'nobody', '@cleo and @ben']
  await Promise.all(texts.flatMap((text) => [say(ada, threadId, text), say(ada, other, text)]))
  const mentions = async (person: typeof ben, id: string) =>
    (await person.api.threads.get({ threadId: id })).thread.mentions
  expect(await mentions(ben, threadId)).toBe(2)
  expect(await mentions(ben, other)).toBe(2)
  expect(await mentions(cleo, other)).toBe(1)
})
