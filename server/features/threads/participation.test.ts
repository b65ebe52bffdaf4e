import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TestPerson } from '../../testing/factories.ts'
import { refusalOf } from '../../testing/refusal.ts'
import { say, startThread } from '../../testing/start-thread.ts'
import { createTestApp, type TestApp } from '../../testing/test-app.ts'
import type { ParticipantRole } from './threads.schema.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp({ instances: 2 })
})
afterAll(() => app.close())

async function roles(by: TestPerson, threadId: string): Promise<Record<string, ParticipantRole>> {
  const { participants } = await by.api.threads.participants.list({ threadId })
  return Object.fromEntries(participants.map(({ person, role }) => [person.handle, role]))
}

const eventTypes = async (stream: string) => {
  const rows = await app.services.db
    .selectFrom('events')
    .select('type')
    .where('streamId', '=', stream)
    .orderBy('seq')
    .execute()
  return rows.map((row) => row.type)
}

const setRole = (by: TestPerson, threadId: string, of: TestPerson, role: ParticipantRole) =>
  refusalOf(by.api.threads.participants.setRole({ threadId, userId: of.user.id, role }))
const remove = (by: TestPerson, threadId: string, of: TestPerson) =>
  refusalOf(by.api.threads.participants.remove({ threadId, userId: of.user.id }))
const add = (by: TestPerson, threadId: string, people: TestPerson[]) =>
  refusalOf(
    by.api.threads.participants.add({ threadId, userIds: people.map(({ user }) => user.id) }),
  )

describe('joining and leaving', () => {
  test('at once from many devices is one joining, and one leaving', async () => {
    const { ada, ben } = app.people
    const { id: threadId } = await startThread(ada, 'open')
    const many = (call: (api: TestPerson['api']) => Promise<unknown>) =>
      Promise.all(
        Array.from({ length: 8 }, (_, turn) =>
          call(ben.on(app.instances[turn % 2] ?? app.services)),
        ),
      )
    await many((api) => api.threads.join({ threadId }))
    await many((api) => api.threads.leave({ threadId }))
    await ben.api.threads.join({ threadId })
    expect((await eventTypes(threadId)).slice(2)).toEqual([
      'participant.joined',
      'participant.left',
      'participant.joined',
    ])
  })

  test('and joining again begins anew: nothing unread, no old role, what was said can be read', async () => {
    const { ada, ben } = app.people
    const { id: threadId } = await startThread(ada, 'open', [ben])
    expect(await setRole(ada, threadId, ben, 'moderator')).toBe(null)
    await say(ada, threadId, 'for @ben')
    await ben.api.threads.markRead({ threadId, seq: 1_000 })
    await ben.api.threads.leave({ threadId })
    await say(ada, threadId, 'while you were away, @ben')
    const { thread } = await ben.api.threads.join({ threadId })
    expect(thread).toMatchObject({ role: 'member', unread: 0, mentions: 0 })
    expect(thread.readSeq).toBe(thread.head)
    expect((await ben.api.messages.list({ threadId })).messages).toHaveLength(2)
  })

  test('is for open threads that are not archived', async () => {
    const { ada, ben } = app.people
    const { id: threadId } = await startThread(ada, 'open')
    await ada.api.threads.archive({ threadId })
    expect(await refusalOf(ben.api.threads.join({ threadId }))).toBe('THREAD_ARCHIVED')
    expect(await refusalOf(ada.api.threads.join({ threadId }))).toBe(null)
  })

  test('into an empty thread makes one its owner', async () => {
    const { ada, ben, cleo } = app.people
    const { id: threadId } = await startThread(ada, 'open')
    await ada.api.threads.leave({ threadId })
    await ben.api.threads.join({ threadId })
    await cleo.api.threads.join({ threadId })
    expect(await roles(ben, threadId)).toEqual({ ben: 'owner', cleo: 'member' })
  })
})

describe('a thread keeps an owner', () => {
  test('when the last one leaves: the longest-standing moderator, or else participant', async () => {
    const { ada, ben, cleo, dan } = app.people
    const { id: threadId } = await startThread(ada, 'private', [ben])
    await add(ada, threadId, [cleo])
    await add(ada, threadId, [dan])
    await setRole(ada, threadId, dan, 'moderator')
    await setRole(ada, threadId, ben, 'guest')
    await ada.api.threads.leave({ threadId })
    expect(await roles(ben, threadId)).toEqual({ ben: 'guest', cleo: 'member', dan: 'owner' })
    await dan.api.threads.leave({ threadId })
    expect(await roles(ben, threadId)).toEqual({ ben: 'guest', cleo: 'owner' })
    await cleo.api.threads.leave({ threadId })
    expect(await roles(ben, threadId)).toEqual({ ben: 'owner' })
  })

  test('when there are two, the other stays the only one', async () => {
    const { ada, ben, cleo } = app.people
    const { id: threadId } = await startThread(ada, 'private', [ben, cleo])
    await setRole(ada, threadId, cleo, 'owner')
    await ada.api.threads.leave({ threadId })
    expect(await roles(ben, threadId)).toEqual({ ben: 'member', cleo: 'owner' })
  })

  test('so the last one cannot give it up, and two cannot at once', async () => {
    const { ada, ben } = app.people
    const { id: threadId } = await startThread(ada, 'private', [ben])
    expect(await setRole(ada, threadId, ada, 'member')).toBe('LAST_OWNER')
    await setRole(ada, threadId, ben, 'owner')
    const refusals = await Promise.all([
      setRole(ada, threadId, ada, 'member'),
      setRole(ben, threadId, ben, 'member'),
    ])
    expect(refusals.sort()).toEqual(['LAST_OWNER', null])
  })
})

describe('roles', () => {
  test('a moderator rules over all but owners', async () => {
    const { ada, ben, cleo, dan } = app.people
    const { id: threadId } = await startThread(ada, 'private', [ben, cleo, dan])
    await setRole(ada, threadId, ben, 'moderator')
    expect(await setRole(ben, threadId, ada, 'member')).toBe('NOT_ALLOWED')
    expect(await remove(ben, threadId, ada)).toBe('NOT_ALLOWED')
    expect(await setRole(ben, threadId, cleo, 'owner')).toBe('NOT_ALLOWED')
    expect(await setRole(ben, threadId, ben, 'owner')).toBe('NOT_ALLOWED')
    expect(await setRole(ben, threadId, cleo, 'moderator')).toBe(null)
    expect(await setRole(ben, threadId, cleo, 'guest')).toBe(null)
    expect(await remove(ben, threadId, dan)).toBe(null)
    expect(await roles(ada, threadId)).toEqual({ ada: 'owner', ben: 'moderator', cleo: 'guest' })
  })

  test('members bring people in and send nobody away; guests do neither', async () => {
    const { ada, ben, cleo, dan } = app.people
    const { id: threadId } = await startThread(ada, 'private', [ben])
    expect(await add(ben, threadId, [cleo])).toBe(null)
    expect(await remove(ben, threadId, cleo)).toBe('NOT_ALLOWED')
    expect(await setRole(ben, threadId, cleo, 'guest')).toBe('NOT_ALLOWED')
    await setRole(ada, threadId, cleo, 'guest')
    expect(await add(cleo, threadId, [dan])).toBe('NOT_ALLOWED')
    expect(await refusalOf(say(cleo, threadId, 'but I may talk'))).toBe(null)
    expect(await remove(cleo, threadId, cleo)).toBe(null)
    expect(await roles(ada, threadId)).toEqual({ ada: 'owner', ben: 'member' })
  })

  test('are given to participants only', async () => {
    const { ada, dan } = app.people
    const { id: threadId } = await startThread(ada, 'private')
    expect(await setRole(ada, threadId, dan, 'member')).toBe('PERSON_NOT_FOUND')
  })
})

describe('adding people', () => {
  test('who are in already leaves them as they are, and all are named in the answer', async () => {
    const { ada, ben, cleo } = app.people
    const { id: threadId } = await startThread(ada, 'private', [ben])
    await setRole(ada, threadId, ben, 'moderator')
    const { participants } = await ada.api.threads.participants.add({
      threadId,
      userIds: [ben.user.id, cleo.user.id, cleo.user.id],
    })
    expect(participants.map(({ person, role }) => [person.handle, role])).toEqual([
      ['ben', 'moderator'],
      ['cleo', 'member'],
    ])
  })

  test('one of whom does not exist adds nobody', async () => {
    const { ada, ben } = app.people
    const { id: threadId } = await startThread(ada, 'private')
    const call = ada.api.threads.participants.add({
      threadId,
      userIds: [ben.user.id, randomUUID()],
    })
    expect(await refusalOf(call)).toBe('PERSON_NOT_FOUND')
    expect(await roles(ada, threadId)).toEqual({ ada: 'owner' })
  })

  test('to an archived thread is refused; taking people out is not', async () => {
    const { ada, ben, cleo } = app.people
    const { id: threadId } = await startThread(ada, 'private', [ben])
    await ada.api.threads.archive({ threadId })
    expect(await add(ada, threadId, [cleo])).toBe('THREAD_ARCHIVED')
    expect(await refusalOf(ada.api.threads.update({ threadId, title: 'New' }))).toBe(
      'THREAD_ARCHIVED',
    )
    expect(await remove(ada, threadId, ben)).toBe(null)
  })

  test('while they are taken out at once ends in one of the two, with rows and log agreeing', async () => {
    const { ada, ben } = app.people
    const { id: threadId } = await startThread(ada, 'private', [ben])
    for (let round = 0; round < 5; round++) {
      await Promise.all([add(ada, threadId, [ben]), remove(ada, threadId, ben)])
      const inside = 'ben' in (await roles(ada, threadId))
      const last = (await eventTypes(threadId)).findLast((type) => /joined|left/.test(type))
      expect(last).toBe(inside ? 'participant.joined' : 'participant.left')
      await add(ada, threadId, [ben])
    }
  })
})
