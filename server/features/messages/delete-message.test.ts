import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { refusalOf } from '../../testing/refusal.ts'
import { say, startThread } from '../../testing/start-thread.ts'
import { createTestApp, type TestApp } from '../../testing/test-app.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.close())

/** In how many rows of the whole database a word stands. */
async function countEverywhere(word: string): Promise<number> {
  const { db } = app.services
  const tables = await db.introspection.getTables()
  let count = 0
  for (const { name } of tables) {
    const { rows } = await sql<{ found: number }>`
      select count(*) as found from ${sql.table(name)} t where t::text like ${`%${word}%`}`.execute(
      db,
    )
    count += rows[0]?.found ?? 0
  }
  return count
}

test('leaves a tombstone and takes the text out of every table, the log and the edits too', async () => {
  const { ada, ben } = app.people
  const { id: threadId } = await startThread(ada, 'private', [ben])
  const { id: messageId, seq } = await say(ben, threadId, 'the code is xyzzy-1')
  await ben.api.messages.edit({ messageId, text: 'the code is xyzzy-2' })
  await say(ada, threadId, 'I did not read it')
  expect(await countEverywhere('xyzzy')).toBeGreaterThanOrEqual(4)

  const { message } = await ben.api.messages.delete({ messageId })
  expect(message).toMatchObject({ id: messageId, seq, text: '' })
  expect(message.deletedAt).not.toBeNull()
  expect(await countEverywhere('xyzzy')).toBe(0)
  const { messages } = await ada.api.messages.list({ threadId })
  expect(messages.map((each) => each.text)).toEqual(['', 'I did not read it'])
  expect(messages[0]).toEqual(message)
  expect(await refusalOf(ada.api.messages.history({ messageId }))).toBe('MESSAGE_DELETED')
})

test('keeps every transition of the log in its place', async () => {
  const { ada } = app.people
  const { id: threadId } = await startThread(ada, 'private')
  const { id: messageId } = await say(ada, threadId, 'one')
  await ada.api.messages.edit({ messageId, text: 'two' })
  const read = () =>
    app.services.db
      .selectFrom('events')
      .select(['seq', 'xid', 'type', 'at', 'actorId'])
      .where('streamId', '=', threadId)
      .orderBy('seq')
      .execute()
  const before = await read()
  await ada.api.messages.delete({ messageId })
  const after = await read()
  expect(after.slice(0, -1)).toEqual(before)
  expect(after.at(-1)?.type).toBe('message.deleted')
})

test('is for the author and for moderators of the thread', async () => {
  const { ada, ben, cleo } = app.people
  const { id: threadId } = await startThread(ben, 'open', [ada, cleo])
  const his = await say(ben, threadId, 'by the owner of the thread')
  const hers = await say(cleo, threadId, 'by a member')
  // Ada owns the server, and that gives her no right here.
  expect(await refusalOf(ada.api.messages.delete({ messageId: hers.id }))).toBe('NOT_ALLOWED')
  expect(await refusalOf(cleo.api.messages.delete({ messageId: his.id }))).toBe('NOT_ALLOWED')
  expect(await refusalOf(ben.api.messages.delete({ messageId: hers.id }))).toBe(null)
  await ben.api.threads.participants.setRole({ threadId, userId: ada.user.id, role: 'moderator' })
  expect(await refusalOf(ada.api.messages.delete({ messageId: his.id }))).toBe(null)
})

test('in a direct thread nobody deletes what the other said', async () => {
  const { ada, ben } = app.people
  const { id: threadId } = await startThread(ada, 'direct', [ben])
  const { id: messageId } = await say(ben, threadId, 'mine')
  expect(await refusalOf(ada.api.messages.delete({ messageId }))).toBe('NOT_ALLOWED')
  expect(await refusalOf(ben.api.messages.delete({ messageId }))).toBe(null)
})

test('is possible in an archived thread: what was said can be taken back', async () => {
  const { ada } = app.people
  const { id: threadId } = await startThread(ada, 'private')
  const { id: messageId } = await say(ada, threadId, 'regretted')
  await ada.api.threads.archive({ threadId })
  const { message } = await ada.api.messages.delete({ messageId })
  expect(message.text).toBe('')
})

test('makes the message count as unread no more', async () => {
  const { ada, ben } = app.people
  const { id: threadId } = await startThread(ada, 'private', [ben])
  const { id: messageId } = await say(ada, threadId, 'hello @ben')
  expect((await ben.api.threads.get({ threadId })).thread).toMatchObject({ unread: 1, mentions: 1 })
  await ada.api.messages.delete({ messageId })
  expect((await ben.api.threads.get({ threadId })).thread).toMatchObject({ unread: 0, mentions: 0 })
})
