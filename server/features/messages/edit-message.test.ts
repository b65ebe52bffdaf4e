import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { refusalOf } from '../../testing/refusal.ts'
import { say, startThread } from '../../testing/start-thread.ts'
import { createTestApp, type TestApp } from '../../testing/test-app.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp({ instances: 2 })
})
afterAll(() => app.close())

test('keeps what the message said before, in order, with the times', async () => {
  const { ada, ben } = app.people
  const { id: threadId } = await startThread(ada, 'private', [ben])
  const { id: messageId, at } = await say(ada, threadId, 'one')
  await ada.api.messages.edit({ messageId, text: 'two' })
  const { message } = await ada.api.messages.edit({ messageId, text: 'three' })
  expect(message).toMatchObject({ id: messageId, text: 'three', at })
  const { versions } = await ben.api.messages.history({ messageId })
  expect(versions.map((version) => version.text)).toEqual(['one', 'two', 'three'])
  expect(versions[0]?.at).toBe(at)
  expect(versions[2]?.at).toBe(message.editedAt)
  expect((await ben.api.messages.get({ messageId })).message).toEqual(message)
})

test('is for the author alone, whatever role others have', async () => {
  const { ada, ben } = app.people
  const { id: threadId } = await startThread(ada, 'private', [ben])
  const { id: messageId } = await say(ben, threadId, 'my words')
  expect(await refusalOf(ada.api.messages.edit({ messageId, text: 'your words' }))).toBe(
    'NOT_ALLOWED',
  )
  expect((await ada.api.messages.get({ messageId })).message.text).toBe('my words')
})

test('repeated with its clientId has no second effect, though another edit came between', async () => {
  const { ada } = app.people
  const { id: threadId } = await startThread(ada, 'private')
  const { id: messageId } = await say(ada, threadId, 'zero')
  const first = { messageId, text: 'one', clientId: randomUUID() }
  await Promise.all(
    Array.from({ length: 10 }, (_, turn) =>
      ada.on(app.instances[turn % 2] ?? app.services).messages.edit(first),
    ),
  )
  await ada.api.messages.edit({ messageId, text: 'two', clientId: randomUUID() })
  expect((await ada.api.messages.edit(first)).message.text).toBe('two')
  const { versions } = await ada.api.messages.history({ messageId })
  expect(versions.map((version) => version.text)).toEqual(['zero', 'one', 'two'])
})

test('that changed nothing is remembered too, and is no version', async () => {
  const { ada } = app.people
  const { id: threadId } = await startThread(ada, 'private')
  const { id: messageId } = await say(ada, threadId, 'two')
  const edits = Array.from({ length: 2 }, () => ({
    messageId,
    text: 'two',
    clientId: randomUUID(),
  }))
  for (const edit of edits)
    expect((await ada.api.messages.edit(edit)).message).toMatchObject({ editedAt: null })
  await ada.api.messages.edit({ messageId, text: 'three' })
  for (const edit of edits) expect((await ada.api.messages.edit(edit)).message.text).toBe('three')
  const { versions } = await ada.api.messages.history({ messageId })
  expect(versions.map((version) => version.text)).toEqual(['two', 'three'])
})

test('with the clientId of an edit of another message is refused', async () => {
  const { ada } = app.people
  const one = await startThread(ada, 'private')
  const other = await startThread(ada, 'private')
  const messages = [await say(ada, one.id, 'a'), await say(ada, other.id, 'b')]
  const clientId = randomUUID()
  const refusals = await Promise.all(
    messages.map(({ id }) =>
      refusalOf(ada.api.messages.edit({ messageId: id, text: 'c', clientId })),
    ),
  )
  expect(refusals.sort()).toEqual(['CLIENT_ID_REUSED', null])
})

test('is refused once the message is deleted or the thread archived', async () => {
  const { ada } = app.people
  const { id: threadId } = await startThread(ada, 'private')
  const gone = await say(ada, threadId, 'gone soon')
  const kept = await say(ada, threadId, 'kept')
  await ada.api.messages.delete({ messageId: gone.id })
  expect(await refusalOf(ada.api.messages.edit({ messageId: gone.id, text: 'back' }))).toBe(
    'MESSAGE_DELETED',
  )
  await ada.api.threads.archive({ threadId })
  expect(await refusalOf(ada.api.messages.edit({ messageId: kept.id, text: 'more' }))).toBe(
    'THREAD_ARCHIVED',
  )
})
