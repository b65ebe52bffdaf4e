import { sql, type Transaction } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Database } from '../../../db/schema.ts'
import { addPerson, type TestPerson } from '../../testing/factories.ts'
import { refusalOf } from '../../testing/refusal.ts'
import { say, startThread } from '../../testing/start-thread.ts'
import { createTestApp, type TestApp } from '../../testing/test-app.ts'
import { listThreads } from './list-threads.ts'

let app: TestApp
let viewer: TestPerson
let count = 0
beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.close())
beforeEach(async () => {
  viewer = await addPerson(app.services, 'Viewer', `viewer-${++count}`)
})

const titles = async (input: Parameters<TestPerson['api']['threads']['list']>[0] = {}) =>
  (await viewer.api.threads.list(input)).threads.map((thread) => thread.title)

test('the thread in which something was said last stands first', async () => {
  const { ada } = app.people
  const one = await startThread(ada, 'private', [viewer], 'one')
  const two = await startThread(ada, 'open', [viewer], 'two')
  await startThread(ada, 'private', [viewer], 'three')
  expect(await titles({ limit: 3 })).toEqual(['three', 'two', 'one'])
  const message = await say(ada, one.id, 'news for @' + viewer.user.handle)
  expect(await titles({ limit: 3 })).toEqual(['one', 'three', 'two'])
  await ada.api.threads.update({ threadId: two.id, topic: 'no news' })
  await ada.api.messages.edit({ messageId: message.id, text: 'no news' })
  expect(await titles({ limit: 3 })).toEqual(['one', 'three', 'two'])
})

test('a row says where one stands in the thread', async () => {
  const { ada } = app.people
  const { id: threadId } = await startThread(ada, 'private', [viewer])
  await say(ada, threadId, 'one')
  const second = await say(ada, threadId, `two, @${viewer.user.handle}`)
  await say(viewer, threadId, 'three, by myself')
  const last = await say(ada, threadId, 'four')
  const row = async () => (await viewer.api.threads.list({ limit: 1 })).threads[0]
  expect(await row()).toMatchObject({ head: last.seq, unread: 3, mentions: 1, lastMessage: last })
  await viewer.api.threads.markRead({ threadId, seq: second.seq })
  expect(await row()).toMatchObject({ readSeq: second.seq, unread: 1, mentions: 0 })
  expect(await row()).toEqual((await viewer.api.threads.get({ threadId })).thread)
})

test('pages lead through all threads once, also those of the same moment', async () => {
  const { ada } = app.people
  for (const title of ['a', 'b', 'c', 'd', 'e']) await startThread(ada, 'private', [viewer], title)
  // Two at the very same time, and one a microsecond later: finer than a Date.
  for (const [title, micros] of [
    ['b', '001'],
    ['c', '001'],
    ['d', '002'],
  ])
    await app.services.db
      .updateTable('threads')
      .set({ createdAt: `2026-05-20T10:30:00.123${micros}Z` })
      .where('title', '=', title ?? '')
      .execute()
  const seen: (string | null)[] = []
  let after: string | undefined
  do {
    const page = await viewer.api.threads.list({ limit: 2, ...(after ? { after } : {}) })
    seen.push(...page.threads.map((thread) => thread.title))
    after = page.next ?? undefined
  } while (after)
  expect(seen).toEqual(await titles())
  expect([...seen].sort()).toEqual(['a', 'b', 'c', 'd', 'e', 'general'])
})

test.each(['nonsense', '1.2', "1.'; drop table threads", '99999999999999999999.x'])(
  'a page after %j is refused',
  async (after) => {
    expect(await refusalOf(viewer.api.threads.list({ after }))).toBe('INPUT_INVALID')
    expect(await refusalOf(viewer.api.threads.browse({ after }))).toBe('INPUT_INVALID')
  },
)

test('archived threads have a list of their own', async () => {
  const { ada } = app.people
  const { id: threadId } = await startThread(ada, 'private', [viewer], 'old plans')
  await ada.api.threads.archive({ threadId })
  expect(await titles()).not.toContain('old plans')
  expect(await titles({ archived: true })).toEqual(['old plans'])
  await ada.api.threads.archive({ threadId, archived: false })
  expect(await titles()).toContain('old plans')
})

test('counting of unread messages stops at a thousand', async () => {
  const { ada } = app.people
  const { id: threadId } = await startThread(ada, 'private', [viewer])
  await app.services.db
    .insertInto('messages')
    .values(
      Array.from({ length: 1_200 }, (_, turn) => ({
        threadId,
        seq: 100 + turn,
        authorId: ada.user.id,
        clientId: `many-${turn}`,
        text: 'many',
      })),
    )
    .execute()
  expect((await viewer.api.threads.get({ threadId })).thread.unread).toBe(1_000)
})

/** Rows of `messages` that this connection has fetched so far. */
async function messagesFetched(trx: Transaction<Database>): Promise<number> {
  const { rows } = await sql<{ rows: number }>`
    select (idx_tup_fetch + seq_tup_read)::int as rows from pg_stat_xact_user_tables
    where relname = 'messages'`.execute(trx)
  return rows[0]?.rows ?? 0
}

test('counting of unread messages passes over few of one’s own', async () => {
  const { ada } = app.people
  const { id: threadId } = await startThread(ada, 'private', [viewer])
  await sql`
    insert into messages (thread_id, seq, author_id, client_id, text)
    select ${threadId}, 100 + turn, ${viewer.user.id}, ${threadId} || turn, 'by myself'
    from generate_series(1, 5000) turn`.execute(app.services.db)
  await app.services.db
    .insertInto('messages')
    .values(
      [5_101, 5_102, 5_103].map((seq) => ({
        threadId,
        seq,
        authorId: ada.user.id,
        clientId: `${threadId}${seq}`,
        text: 'by another',
      })),
    )
    .execute()
  await app.services.db.transaction().execute(async (trx) => {
    const before = await messagesFetched(trx)
    const { threads } = await listThreads(trx, viewer.actor.id, { limit: 10, archived: false })
    const fetched = (await messagesFetched(trx)) - before
    expect(threads.find(({ id }) => id === threadId)?.unread).toBe(3)
    expect(fetched).toBeGreaterThan(3)
    expect(fetched).toBeLessThan(2_100)
  })
})

test('browsing shows open threads to all, found by the words of their title', async () => {
  const { ada, ben } = app.people
  const open = await startThread(ada, 'open', [ben], '100% Helium_prices & Friends')
  await startThread(ada, 'private', [ben], 'Helium secrets')
  const old = await startThread(ada, 'open', [ben], 'Helium of old')
  await ada.api.threads.archive({ threadId: old.id })
  const browse = async (query: string) =>
    (await viewer.api.threads.browse({ query })).threads.map((thread) => thread.title)
  for (const query of ['helium', 'friends HEL', '100%', 'm_p', ' & '])
    expect(await browse(query), query).toEqual([open.title])
  for (const query of ['helium xenon', '1%m', 'm-p', '\\', 'secrets'])
    expect(await browse(query), query).toEqual([])
  const find = async () =>
    (await viewer.api.threads.browse({ query: 'helium' })).threads.find(({ id }) => id === open.id)
  expect(await find()).toMatchObject({ participants: 2, joined: false })
  await viewer.api.threads.join({ threadId: open.id })
  await ben.api.threads.leave({ threadId: open.id })
  expect(await find()).toMatchObject({ participants: 2, joined: true })
})
