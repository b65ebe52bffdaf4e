import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addPerson } from '../../testing/factories.ts'
import { refusalOf } from '../../testing/refusal.ts'
import { say, startThread } from '../../testing/start-thread.ts'
import { createTestApp, type TestApp } from '../../testing/test-app.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp({ instances: 2 })
})
afterAll(() => app.close())

const countThreads = async () => {
  const rows = await app.services.db.selectFrom('threads').select('id').execute()
  const streams = await app.services.db
    .selectFrom('streams')
    .select('id')
    .where('kind', '=', 'thread')
    .execute()
  return { threads: rows.length, streams: streams.length }
}

describe('creating with the same clientId', () => {
  test('ten times in parallel over two instances makes one thread and no stream without one', async () => {
    const { ada, ben } = app.people
    const before = await countThreads()
    const input = {
      clientId: randomUUID(),
      kind: 'open' as const,
      title: 'Once',
      participantIds: [ben.user.id],
    }
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, turn) =>
        ada.on(app.instances[turn % 2] ?? app.services).threads.create(input),
      ),
    )
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    expect(await countThreads()).toEqual({
      threads: before.threads + 1,
      streams: before.streams + 1,
    })
  })

  test('by another person makes another thread', async () => {
    const { ada, ben } = app.people
    const input = { clientId: randomUUID(), kind: 'private' as const, title: 'Ours' }
    const hers = await ada.api.threads.create(input)
    const his = await ben.api.threads.create(input)
    expect(his.thread.id).not.toBe(hers.thread.id)
  })

  test('for another kind of thread, or other people, is refused', async () => {
    const { ada, ben, cleo } = app.people
    const clientId = randomUUID()
    await ada.api.threads.create({ clientId, kind: 'private', title: 'A' })
    const create = (kind: 'open' | 'direct', personId: string, id = clientId) =>
      refusalOf(
        ada.api.threads.create({ clientId: id, kind, title: 'A', participantIds: [personId] }),
      )
    expect(await create('open', ben.user.id)).toBe('CLIENT_ID_REUSED')
    const other = randomUUID()
    expect(await create('direct', ben.user.id, other)).toBe(null)
    expect(await create('direct', cleo.user.id, other)).toBe('CLIENT_ID_REUSED')
  })
})

describe('a direct thread', () => {
  test('is the same one for the same people, whoever starts it and in whatever order', async () => {
    const { ada, ben, cleo } = app.people
    const first = await startThread(ada, 'direct', [ben, cleo])
    const second = await startThread(cleo, 'direct', [ada, ben])
    expect(second.id).toBe(first.id)
    expect(first.people.map((person) => person.id).sort()).toEqual(
      [ada, ben, cleo].map((person) => person.user.id).sort(),
    )
    expect(second.people).toEqual(first.people)
    expect((await startThread(ada, 'direct', [ben])).id).not.toBe(first.id)
  })

  test('started by two people at once is one', async () => {
    const one = await addPerson(app.services, 'Person One', `one-${randomUUID().slice(0, 8)}`)
    for (let round = 0; round < 5; round++) {
      const two = await addPerson(app.services, 'Person Two', `two-${randomUUID().slice(0, 8)}`)
      const before = await countThreads()
      const create = (by: typeof one, other: typeof one, place: number) =>
        by.on(app.instances[place] ?? app.services).threads.create({
          clientId: randomUUID(),
          kind: 'direct',
          participantIds: [other.user.id],
        })
      const [hers, his] = await Promise.all([create(one, two, 0), create(two, one, 1)])
      expect(his.thread.id).toBe(hers.thread.id)
      expect(await countThreads()).toEqual({
        threads: before.threads + 1,
        streams: before.streams + 1,
      })
    }
  })

  test('is for two to ten people', async () => {
    const { ada } = app.people
    expect(await refusalOf(startThread(ada, 'direct'))).toBe('INPUT_INVALID')
    expect(await refusalOf(startThread(ada, 'direct', [ada]))).toBe('INPUT_INVALID')
    const many = []
    for (let place = 0; place < 10; place++)
      many.push(await addPerson(app.services, `Guest ${place}`, `guest-${place}`))
    expect(await refusalOf(startThread(ada, 'direct', many))).toBe('INPUT_INVALID')
    expect(await refusalOf(startThread(ada, 'direct', many.slice(1)))).toBe(null)
  })

  test('stays between its people, and stays as it is', async () => {
    const { ada, ben, cleo } = app.people
    const { id: threadId } = await startThread(ada, 'direct', [ben])
    const { threads } = ada.api
    const userId = ben.user.id
    const calls = [
      threads.participants.add({ threadId, userIds: [cleo.user.id] }),
      threads.participants.remove({ threadId, userId }),
      threads.participants.remove({ threadId, userId: ada.user.id }),
      threads.participants.setRole({ threadId, userId, role: 'owner' }),
      threads.leave({ threadId }),
      threads.update({ threadId, title: 'Us' }),
      threads.archive({ threadId }),
    ]
    expect(await Promise.all(calls.map(refusalOf))).toEqual(calls.map(() => 'DIRECT_THREAD_FIXED'))
    const { participants } = await threads.participants.list({ threadId })
    expect(participants.map(({ role }) => role)).toEqual(['member', 'member'])
  })
})

test('an open or private thread needs a title', async () => {
  const { ada } = app.people
  for (const kind of ['open', 'private'] as const) {
    const create = (title?: string) =>
      refusalOf(
        ada.api.threads.create({ clientId: randomUUID(), kind, ...(title ? { title } : {}) }),
      )
    expect(await create()).toBe('INPUT_INVALID')
    expect(await create('   ')).toBe('INPUT_INVALID')
    expect(await create('two\nlines')).toBe('INPUT_INVALID')
    expect(await create('  A title ')).toBe(null)
  }
})

test('a thread with somebody who is not here is not made at all', async () => {
  const { ada, ben } = app.people
  const leaver = await addPerson(app.services, 'Leaver', 'leaver')
  await ada.api.people.deactivate({ personId: leaver.user.id })
  const before = await countThreads()
  for (const id of [randomUUID(), leaver.user.id])
    expect(
      await refusalOf(
        ada.api.threads.create({
          clientId: randomUUID(),
          kind: 'private',
          title: 'With nobody',
          participantIds: [ben.user.id, id],
        }),
      ),
    ).toBe('PERSON_NOT_FOUND')
  expect(await countThreads()).toEqual(before)
})

test('everyone named is in it from the start, and nothing counts as unread', async () => {
  const { ada, ben } = app.people
  const { id: threadId } = await startThread(ada, 'private', [ben, ben, ada])
  const { thread } = await ben.api.threads.get({ threadId })
  expect(thread).toMatchObject({ role: 'member', unread: 0, lastMessage: null, people: [] })
  expect((await ada.api.threads.get({ threadId })).thread.role).toBe('owner')
  await say(ada, threadId, 'welcome')
  expect((await ben.api.threads.get({ threadId })).thread.unread).toBe(1)
  expect((await ada.api.threads.get({ threadId })).thread.unread).toBe(0)
})
