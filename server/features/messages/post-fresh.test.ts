import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startThread } from '../../testing/start-thread.ts'
import { createTestApp, type TestApp } from '../../testing/test-app.ts'
import { releaseParticipant } from '../threads/release-participant.ts'
import { requireParticipant } from '../threads/require-participant.ts'
import { lockStreams } from '../../log/append.ts'
import { postFresh } from './post-fresh.ts'
import { sendMessages } from './send-messages.ts'
import type { Send } from './send.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.close())

const once = { oneStatement: true }

/** All that posting leaves in a thread, but for ids and times. */
async function tracesIn(threadId: string) {
  const { db } = app.services
  const messages = await db
    .selectFrom('messages')
    .select(['id', 'seq', 'authorId', 'text', 'createdAt', 'editedAt', 'deletedAt'])
    .where('threadId', '=', threadId)
    .orderBy('seq')
    .execute()
  const events = await db
    .selectFrom('events')
    .select(['seq', 'type', 'version', 'actorId', 'at', 'payload'])
    .where('streamId', '=', threadId)
    .where('type', '=', 'message.posted')
    .orderBy('seq')
    .execute()
  const mentions = await db
    .selectFrom('mentions')
    .select(['messageId', 'userId', 'seq'])
    .where('threadId', '=', threadId)
    .orderBy('seq')
    .orderBy('userId')
    .execute()
  const { head } = await db
    .selectFrom('streams')
    .select('head')
    .where('id', '=', threadId)
    .executeTakeFirstOrThrow()
  return { messages, events, mentions, head }
}

describe('many messages at once', () => {
  test('leave the same behind as when each is told apart', async () => {
    const { ada, ben, cleo } = app.people
    const people = [ada, ben, cleo]
    const texts = [
      'plain',
      'a "quote", a \\ and {braces}',
      'two\nlines\t\u2028 and 你好 🧵',
      '@ben and @cleo, not @nobody',
      'NULL',
      ' @ben ',
    ]
    const ways = []
    for (const post of [postFresh, sendMessages]) {
      const threads = [
        await startThread(ada, 'private', [ben, cleo]),
        await startThread(ada, 'private', [ben, cleo]),
      ]
      const sends = texts.flatMap((text, turn) =>
        people.map((person, place): Send => {
          const threadId = threads[(turn + place) % 2]?.id ?? ''
          return { threadId, authorId: person.user.id, clientId: randomUUID(), text }
        }),
      )
      const outcomes = await app.services.commit((trx) => post(trx, sends), once)
      const told = outcomes?.map((outcome) => {
        if (outcome instanceof Error) throw outcome
        return outcome
      })
      const traces = await Promise.all(threads.map(({ id }) => tracesIn(id)))
      expect(told?.map(({ text, clientId }) => ({ text, clientId }))).toEqual(
        sends.map(({ text, clientId }) => ({ text, clientId })),
      )
      for (const [place, { messages, events }] of traces.entries()) {
        const mine = told?.filter(({ threadId }) => threadId === threads[place]?.id) ?? []
        // What is answered, what the log says and what is kept are the same.
        expect(events.map(({ payload }) => payload.message)).toEqual(mine)
        expect(messages.map(({ id }) => id)).toEqual(mine.map(({ id }) => id))
        for (const { at, payload } of events)
          expect(payload.message).toMatchObject({ at: at.toISOString() })
        for (const { createdAt } of messages) expect(createdAt.toISOString()).toBe(mine[0]?.at)
      }
      ways.push(
        traces.map(({ messages, events, mentions, head }) => ({
          messages: messages.map(({ seq, authorId, text, editedAt, deletedAt }) => {
            return { seq, authorId, text, editedAt, deletedAt }
          }),
          events: events.map(({ seq, type, version, actorId, payload }) => {
            return { seq, type, version, actorId, shape: Object.keys(payload.message ?? {}) }
          }),
          mentions: mentions.map(({ userId, seq }) => ({ userId, seq })),
          head,
        })),
      )
    }
    expect(ways[0]).toEqual(ways[1])
    expect(ways[0]?.[0]?.mentions).not.toEqual([])
  })

  test.each([
    'sent before',
    'twice among them',
    'of a stranger',
    'of one who was let out',
    'in no thread',
  ])('with one %s: nothing is done', async (what) => {
    const { ada, ben, dan } = app.people
    const { id: threadId } = await startThread(ada, 'private', [ben])
    const { id: other } = await startThread(ada, 'private', [ben])
    const from = (authorId: string, extra: Partial<Send> = {}): Send => {
      return { threadId, authorId, clientId: randomUUID(), text: 'hello', ...extra }
    }
    const sent = from(ada.user.id, { threadId: other })
    await app.services.commit((trx) => postFresh(trx, [sent]), once)
    await app.services.commit(async (trx) => {
      await lockStreams(trx, [threadId, ben.user.id])
      const his = await requireParticipant(trx, ben.user.id, threadId)
      await releaseParticipant(trx, ada.user.id, ben.user.id, his)
    })
    const fresh = [from(ada.user.id), from(ada.user.id, { threadId: other })]
    const odd = {
      'sent before': { ...sent, threadId },
      'twice among them': fresh[0],
      'of a stranger': from(dan.user.id),
      'of one who was let out': from(ben.user.id),
      'in no thread': from(ada.user.id, { threadId: randomUUID() }),
    }[what]
    const before = await Promise.all([tracesIn(threadId), tracesIn(other)])
    const sends = [...fresh, odd ?? from(ada.user.id)]
    expect(await app.services.commit((trx) => postFresh(trx, sends), once)).toBeNull()
    expect(await Promise.all([tracesIn(threadId), tracesIn(other)])).toEqual(before)
  })
})
