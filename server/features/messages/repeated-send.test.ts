import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readLog } from '../../log/read-log.ts'
import { refusalOf } from '../../testing/refusal.ts'
import { say, startThread } from '../../testing/start-thread.ts'
import { createTestApp, type TestApp } from '../../testing/test-app.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp({ instances: 2 })
})
afterAll(() => app.close())

describe('a send that is repeated', () => {
  test('ten times in parallel over two instances is one message and one answer', async () => {
    const { ada, ben } = app.people
    const { id: threadId } = await startThread(ada, 'private', [ben])
    const input = { threadId, clientId: randomUUID(), text: 'once' }
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, turn) =>
        ada.on(app.instances[turn % 2] ?? app.services).messages.send(input),
      ),
    )
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    const { messages } = await ben.api.messages.list({ threadId })
    expect(messages).toEqual([answers[0]?.message])
    const posted = (await readLog(app.services.db, threadId, 0)).events.filter(
      ({ event }) => event.type === 'message.posted',
    )
    expect(posted).toHaveLength(1)
  })

  test('answers with the message as it is now', async () => {
    const { ada } = app.people
    const { id: threadId } = await startThread(ada, 'private')
    const input = { threadId, clientId: randomUUID(), text: 'first' }
    const { message } = await ada.api.messages.send(input)
    await ada.api.messages.edit({ messageId: message.id, text: 'second' })
    const again = await ada.api.messages.send({ ...input, text: 'something else' })
    expect(again.message).toMatchObject({ id: message.id, seq: message.seq, text: 'second' })
  })

  test('still gives the message when its author was let out meanwhile, and nobody else, nor anything else', async () => {
    const { ada, ben, cleo } = app.people
    const { id: threadId } = await startThread(ada, 'private', [ben])
    const { id: elsewhere } = await startThread(ada, 'private')
    const input = { threadId, clientId: randomUUID(), text: 'my last word' }
    const { message } = await ben.api.messages.send(input)
    await ada.api.threads.participants.remove({ threadId, userId: ben.user.id })
    expect((await ben.api.messages.send(input)).message).toEqual(message)
    const refused = [
      ben.api.messages.send({ ...input, clientId: randomUUID() }),
      ben.api.messages.send({ ...input, threadId: elsewhere }),
      cleo.api.messages.send(input),
      ben.api.messages.get({ messageId: message.id }),
    ]
    expect(await Promise.all(refused.map(refusalOf))).toEqual([
      'THREAD_NOT_FOUND',
      'THREAD_NOT_FOUND',
      'THREAD_NOT_FOUND',
      'MESSAGE_NOT_FOUND',
    ])
    const { messages } = await ada.api.messages.list({ threadId })
    expect(messages).toEqual([message])
  })

  test('still gives the message when the thread was archived meanwhile', async () => {
    const { ada } = app.people
    const { id: threadId } = await startThread(ada, 'private')
    const input = { threadId, clientId: randomUUID(), text: 'just in time' }
    const { message } = await ada.api.messages.send(input)
    await ada.api.threads.archive({ threadId })
    expect((await ada.api.messages.send(input)).message).toEqual(message)
    expect(await refusalOf(say(ada, threadId, 'too late'))).toBe('THREAD_ARCHIVED')
  })

  test('in another thread is refused, also when both come at once', async () => {
    const { ada } = app.people
    const one = await startThread(ada, 'private')
    const other = await startThread(ada, 'private')
    for (let round = 0; round < 5; round++) {
      const clientId = randomUUID()
      const send = (threadId: string) =>
        refusalOf(ada.api.messages.send({ threadId, clientId, text: 'where?' }))
      const refusals = await Promise.all([send(one.id), send(other.id)])
      expect(refusals.sort()).toEqual(['CLIENT_ID_REUSED', null])
    }
  })

  test('with the same clientId by another author is another message', async () => {
    const { ada, ben } = app.people
    const { id: threadId } = await startThread(ada, 'private', [ben])
    const input = { threadId, clientId: randomUUID(), text: 'mine' }
    const { message: hers } = await ada.api.messages.send(input)
    const { message: his } = await ben.api.messages.send(input)
    expect(his.id).not.toBe(hers.id)
  })
})
