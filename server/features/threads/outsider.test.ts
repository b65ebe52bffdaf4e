import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Caller } from '../../router.ts'
import { listProcedures } from '../../testing/list-procedures.ts'
import { refusalOf } from '../../testing/refusal.ts'
import { say, startThread } from '../../testing/start-thread.ts'
import { createTestApp, type TestApp } from '../../testing/test-app.ts'
import type { ThreadKind } from './threads.schema.ts'

interface Target {
  threadId: string
  messageId: string
  userId: string
}

/** How each procedure that names a thread or a message is asked. One that is missing here fails the test below. */
const calls: Record<string, (api: Caller, target: Target) => Promise<unknown>> = {
  'threads.get': (api, { threadId }) => api.threads.get({ threadId }),
  'threads.join': (api, { threadId }) => api.threads.join({ threadId }),
  'threads.leave': (api, { threadId }) => api.threads.leave({ threadId }),
  'threads.update': (api, { threadId }) => api.threads.update({ threadId, title: 'Mine now' }),
  'threads.archive': (api, { threadId }) => api.threads.archive({ threadId }),
  'threads.markRead': (api, { threadId }) => api.threads.markRead({ threadId, seq: 1 }),
  'threads.markUnread': (api, { threadId }) => api.threads.markUnread({ threadId, seq: 1 }),
  'threads.participants.list': (api, { threadId }) => api.threads.participants.list({ threadId }),
  'threads.participants.add': (api, { threadId, userId }) =>
    api.threads.participants.add({ threadId, userIds: [userId] }),
  'threads.participants.remove': (api, { threadId, userId }) =>
    api.threads.participants.remove({ threadId, userId }),
  'threads.participants.setRole': (api, { threadId, userId }) =>
    api.threads.participants.setRole({ threadId, userId, role: 'guest' }),
  'messages.send': (api, { threadId }) =>
    api.messages.send({ threadId, clientId: randomUUID(), text: 'let me in' }),
  'messages.list': (api, { threadId }) => api.messages.list({ threadId }),
  'messages.get': (api, { messageId }) => api.messages.get({ messageId }),
  'messages.edit': (api, { messageId }) => api.messages.edit({ messageId, text: 'nonsense' }),
  'messages.delete': (api, { messageId }) => api.messages.delete({ messageId }),
  'messages.history': (api, { messageId }) => api.messages.history({ messageId }),
}

/** These name none; what they show is looked at below. */
const withoutThread = ['threads.create', 'threads.list', 'threads.browse']

/** By a message's id one is told of no message, so that an id is never confirmed. */
const reasonFor = (path: string) =>
  path.startsWith('messages.') && path !== 'messages.send' && path !== 'messages.list'
    ? 'MESSAGE_NOT_FOUND'
    : 'THREAD_NOT_FOUND'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.close())

async function makeTarget(kind: ThreadKind): Promise<Target> {
  const { ada, ben } = app.people
  const thread = await startThread(ada, kind, [ben], `Secret ${kind}`)
  const message = await say(ada, thread.id, 'between us')
  return { threadId: thread.id, messageId: message.id, userId: ben.user.id }
}

test('every procedure on threads and messages is asked by an outsider here', () => {
  const paths = listProcedures()
    .map(({ path }) => path)
    .filter((path) => path.startsWith('threads.') || path.startsWith('messages.'))
  expect(paths.sort()).toEqual([...Object.keys(calls), ...withoutThread].sort())
})

describe.each(['private', 'direct', 'open'] satisfies ThreadKind[])('a %s thread', (kind) => {
  let target: Target
  const nowhere = { threadId: randomUUID(), messageId: randomUUID(), userId: randomUUID() }
  beforeEach(async () => {
    target = await makeTarget(kind)
  })

  test.each(Object.entries(calls))('%s is for those who are in it', async (path, call) => {
    const { ada, ben, cleo } = app.people
    if (kind === 'open' && path === 'threads.join') {
      expect(await refusalOf(call(cleo.api, target))).toBe(null)
      return
    }
    // The same, word for word, as for what is not there at all.
    const outside = await call(cleo.api, target).catch((error: unknown) => error)
    const absent = await call(cleo.api, nowhere).catch((error: unknown) => error)
    expect(outside).toMatchObject({ code: 'NOT_FOUND', cause: { reason: reasonFor(path) } })
    expect(String(outside)).toBe(String(absent))
    // Nothing came of it, and whoever is in the thread reaches it.
    const { threadId } = target
    const { participants } = await ada.api.threads.participants.list({ threadId })
    expect(participants.map(({ person }) => person.id).sort()).toEqual(
      [ada.user.id, ben.user.id].sort(),
    )
    // A direct thread is the same one each time; its newest message is this one.
    expect((await ben.api.messages.list({ threadId })).messages.at(-1)).toMatchObject({
      id: target.messageId,
      text: 'between us',
      deletedAt: null,
      editedAt: null,
    })
  })
})

describe('who was taken out of a thread', () => {
  const byFormer = Object.entries(calls).filter(([path]) => path !== 'threads.leave')
  test.each(byFormer)('finds it no more by %s', async (_path, call) => {
    const { ada, ben } = app.people
    const target = await makeTarget('private')
    const { threadId, messageId } = target
    const own = await say(ben, threadId, 'mine')
    await ben.api.threads.markRead({ threadId, seq: own.seq })
    await ada.api.threads.participants.remove({ threadId, userId: ben.user.id })
    for (const message of [messageId, own.id])
      expect(await refusalOf(call(ben.api, { ...target, messageId: message }))).toMatch(
        /^(THREAD|MESSAGE)_NOT_FOUND$/,
      )
    expect((await ben.api.threads.list()).threads.map((thread) => thread.id)).not.toContain(
      threadId,
    )
  })

  test('may leave it again without harm', async () => {
    const { ada, ben } = app.people
    const { threadId } = await makeTarget('private')
    await ada.api.threads.participants.remove({ threadId, userId: ben.user.id })
    expect(await refusalOf(ben.api.threads.leave({ threadId }))).toBe(null)
  })
})

test('the owner of the server finds no private thread that they are not in', async () => {
  const { ada, ben, cleo } = app.people
  expect(ada.user.role).toBe('owner')
  const secret = await startThread(ben, 'private', [cleo], 'Birthday of Ada')
  expect(await refusalOf(ada.api.threads.get({ threadId: secret.id }))).toBe('THREAD_NOT_FOUND')
  expect(await refusalOf(ada.api.threads.join({ threadId: secret.id }))).toBe('THREAD_NOT_FOUND')
  const { threads: mine } = await ada.api.threads.list()
  const { threads: open } = await ada.api.threads.browse()
  expect(mine.map((thread) => thread.id)).not.toContain(secret.id)
  expect(open.map((thread) => thread.id)).not.toContain(secret.id)
  expect((await cleo.api.threads.list()).threads.map((thread) => thread.id)).toContain(secret.id)
})

test('without signing in nothing of a thread is answered', async () => {
  const target = await makeTarget('open')
  for (const call of Object.values(calls))
    expect(await refusalOf(call(app.visitor(), target))).toBe('NOT_SIGNED_IN')
})
