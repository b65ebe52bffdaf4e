import { afterAll, beforeAll, expect, test } from 'vitest'
import { say, startThread } from '../../testing/start-thread.ts'
import { createTestApp, type TestApp } from '../../testing/test-app.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp({ instances: 2 })
})
afterAll(() => app.close())

async function readThread() {
  const { ada, ben } = app.people
  const { id: threadId } = await startThread(ada, 'private', [ben])
  const seqs: number[] = []
  for (const text of ['one', 'two', 'three', 'four'])
    seqs.push((await say(ada, threadId, text)).seq)
  const mark = async (seq: number, place = 0) =>
    (await ben.on(app.instances[place] ?? app.services).threads.markRead({ threadId, seq })).readSeq
  const position = async () => (await ben.api.threads.get({ threadId })).thread.readSeq
  return { threadId, seqs, mark, position, ben }
}

const moves = async (userId: string, threadId: string) => {
  const rows = await app.services.db
    .selectFrom('events')
    .select('payload')
    .where('streamId', '=', userId)
    .where('type', '=', 'read-position.moved')
    .orderBy('seq')
    .execute()
  return rows
    .filter(({ payload }) => payload.threadId === threadId)
    .map(({ payload }) => payload.seq)
}

test('a device that comes late does not pull the others back', async () => {
  const { seqs, mark, position, threadId, ben } = await readThread()
  expect(await mark(seqs[2] ?? 0)).toBe(seqs[2])
  expect(await mark(seqs[0] ?? 0)).toBe(seqs[2])
  expect(await position()).toBe(seqs[2])
  expect(await moves(ben.user.id, threadId)).toEqual([seqs[2]])
})

test('two devices at once end at the later position, and the log only goes forward', async () => {
  const { seqs, mark, position, threadId, ben } = await readThread()
  await Promise.all([...seqs, ...[...seqs].reverse()].map((seq, turn) => mark(seq, turn % 2)))
  expect(await position()).toBe(seqs.at(-1))
  const told = await moves(ben.user.id, threadId)
  expect(told).toEqual([...told].sort((a, b) => Number(a) - Number(b)))
  expect(new Set(told).size).toBe(told.length)
  expect(told.at(-1)).toBe(seqs.at(-1))
})

test('nothing that was not said yet can be read', async () => {
  const { seqs, mark, threadId } = await readThread()
  expect(await mark(1_000_000_000)).toBe(seqs.at(-1))
  await say(app.people.ada, threadId, 'five')
  expect((await app.people.ben.api.threads.get({ threadId })).thread.unread).toBe(1)
})

test('marking unread from a message on counts it again, on every device', async () => {
  const { seqs, mark, threadId, ben } = await readThread()
  await mark(1_000)
  const { readSeq } = await ben.api.threads.markUnread({ threadId, seq: seqs[1] ?? 0 })
  expect(readSeq).toBe((seqs[1] ?? 0) - 1)
  const [, second] = app.instances
  const { thread } = await ben.on(second ?? app.services).threads.get({ threadId })
  expect(thread).toMatchObject({ readSeq, unread: 3 })
})
