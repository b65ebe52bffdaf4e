/** Ids are UUIDs, which mean the same in capitals; what is compared and announced is what the database writes. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { refusalOf } from '../../testing/refusal.ts'
import { startThread } from '../../testing/start-thread.ts'
import { createTestApp, type TestApp } from '../../testing/test-app.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.close())

const loud = (id: string) => id.toUpperCase()

test('a read position that is moved is announced of the thread as everybody knows it', async () => {
  const { ada, ben } = app.people
  const { id: threadId } = await startThread(ada, 'private', [ben])
  await ada.api.threads.markRead({ threadId: loud(threadId), seq: 2 })
  await ada.api.threads.markUnread({ threadId: loud(threadId), seq: 1 })
  const moves = await app.services.db
    .selectFrom('events')
    .select('payload')
    .where('streamId', '=', ada.user.id)
    .where('type', '=', 'read-position.moved')
    .execute()
  expect(moves.map(({ payload }) => payload.threadId)).toEqual([threadId, threadId])
})

test('a thread is archived, and its participants are changed, all the same', async () => {
  const { ada, ben, cleo } = app.people
  const { thread } = await ada.api.threads.create({
    clientId: randomUUID(),
    kind: 'private',
    title: 'Launch plans',
    participantIds: [loud(ben.user.id), ben.user.id, loud(ada.user.id)],
  })
  const threadId = loud(thread.id)
  const { participants } = ada.api.threads
  await participants.add({ threadId, userIds: [loud(cleo.user.id)] })
  await participants.setRole({ threadId, userId: loud(ben.user.id), role: 'moderator' })
  await participants.remove({ threadId, userId: loud(cleo.user.id) })
  const { participants: there } = await participants.list({ threadId })
  expect(there.map(({ person, role }) => `${person.handle} ${role}`).sort()).toEqual([
    'ada owner',
    'ben moderator',
  ])
  expect((await ada.api.threads.archive({ threadId })).thread.archivedAt).not.toBeNull()
})

test('taking oneself out is leaving', async () => {
  const { ada, ben } = app.people
  const { id: threadId } = await startThread(ada, 'private', [ben])
  const remove = (userId: string) =>
    refusalOf(ben.api.threads.participants.remove({ threadId, userId }))
  expect(await remove(loud(ada.user.id))).toBe('NOT_ALLOWED')
  expect(await remove(loud(ben.user.id))).toBeNull()
})

test('a person is deactivated all the same', async () => {
  const { ada, cleo } = app.people
  const { person } = await ada.api.people.deactivate({ personId: loud(cleo.user.id) })
  expect(person).toMatchObject({ id: cleo.user.id })
  expect(person.deactivatedAt).not.toBeNull()
})
