import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { events as catalogue } from '../server/events.ts'
import { rowToEvent } from '../server/log/carried-event.ts'
import { addPerson, testContext } from '../server/testing/factories.ts'
import { createEmptyTestApp, type EmptyTestApp } from '../server/testing/test-app.ts'
import { createCaller, type Caller } from '../server/router.ts'
import { demoSignIn, seed } from './seed.ts'

const now = new Date('2026-05-20T10:30:00Z')

let app: EmptyTestApp
let ada: Caller
beforeAll(async () => {
  app = await createEmptyTestApp()
  expect(await seed(app.services, now)).toBe(true)
  const visitor = createCaller(testContext(app.services))
  const { user } = await visitor.auth.signIn(demoSignIn)
  const actor = { id: user.id, kind: user.kind, role: user.role } as const
  ada = createCaller(
    testContext(app.services, {
      actor: { ...actor, via: { type: 'session', sessionId: user.id } },
    }),
  )
})
afterAll(() => app.close())

async function allOf(table: 'messages' | 'events' | 'threads' | 'participants' | 'readPositions') {
  return app.services.db.selectFrom(table).selectAll().execute()
}

const readLog = async () => {
  const rows = await app.services.db
    .selectFrom('events')
    .select(['streamId', 'seq', 'type', 'version', 'actorId', 'payload', 'at'])
    .orderBy('streamId')
    .orderBy('seq')
    .execute()
  return rows.map(rowToEvent)
}

describe('the demo', () => {
  test('is a living place: people, threads of each kind, hundreds of messages over two weeks', async () => {
    const { people } = await ada.people.search({ limit: 100 })
    expect(people).toHaveLength(8)
    expect((await ada.auth.me()).user.role).toBe('owner')
    const { threads } = await ada.threads.list()
    expect(new Set(threads.map((thread) => thread.kind))).toEqual(
      new Set(['open', 'private', 'direct']),
    )
    expect(threads.length).toBeGreaterThanOrEqual(10)
    expect((await ada.threads.list({ archived: true })).threads).toHaveLength(1)
    const { threads: open } = await ada.threads.browse()
    expect(open.some((thread) => !thread.joined)).toBe(true)
    const messages = await app.services.db.selectFrom('messages').selectAll().execute()
    expect(messages.length).toBeGreaterThanOrEqual(290)
    expect(messages.some((message) => message.editedAt !== null)).toBe(true)
    expect(messages.some((message) => message.deletedAt !== null)).toBe(true)
    const days = new Set(messages.map((message) => message.createdAt.toISOString().slice(0, 10)))
    expect(days.size).toBeGreaterThanOrEqual(13)
  })

  test('has something new for the viewer, and a mention', async () => {
    const { threads } = await ada.threads.list()
    const general = threads.find((thread) => thread.title === 'general')
    expect(general).toMatchObject({ unread: 3, mentions: 1 })
    expect(threads.some((thread) => thread.unread === 0)).toBe(true)
  })

  test('looks as if it had happened then: rows and log agree, and time only goes forward', async () => {
    const log = await readLog()
    const messages = await allOf('messages')
    expect(log.length).toBeGreaterThan(messages.length)
    const last = new Map<string, string>()
    for (const event of log) {
      expect(catalogue[event.type].payload.parse(event.payload)).toEqual(event.payload)
      expect(event.at < now.toISOString(), event.type).toBe(true)
      expect(event.at >= (last.get(event.stream) ?? '')).toBe(true)
      last.set(event.stream, event.at)
      const times = JSON.stringify(event.payload).match(/\d{4}-\d\d-\d\dT[\d:.]+Z/g) ?? []
      for (const time of times) expect(time <= event.at, `${event.type} ${time}`).toBe(true)
    }
    for (const event of log) {
      if (event.type !== 'message.posted') continue
      const { message } = event.payload
      expect(message.at).toBe(event.at)
      const { message: read } = await readMessage(message.id)
      expect(read?.createdAt.toISOString()).toBe(message.at)
    }
  })

  test('a second time changes nothing', async () => {
    const before = { log: await readLog(), messages: await allOf('messages') }
    expect(await seed(app.services)).toBe(false)
    expect({ log: await readLog(), messages: await allOf('messages') }).toEqual(before)
  })
})

async function readMessage(id: string) {
  const message = await app.services.db
    .selectFrom('messages')
    .select('createdAt')
    .where('id', '=', id)
    .executeTakeFirst()
  return { message }
}

test('a server with people of its own stays as it is', async () => {
  const other = await createEmptyTestApp()
  try {
    await addPerson(other.services, 'Somebody')
    await expect(seed(other.services)).rejects.toThrow('people of your own')
    const users = await other.services.db.selectFrom('users').select('handle').execute()
    expect(users).toEqual([{ handle: 'somebody' }])
  } finally {
    await other.close()
  }
})
