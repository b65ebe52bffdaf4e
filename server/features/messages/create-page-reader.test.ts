import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect } from '../../../db/client.ts'
import { AppError } from '../../errors.ts'
import { say, startThread } from '../../testing/start-thread.ts'
import { createTestApp, type TestApp } from '../../testing/test-app.ts'
import { createPageReader, type Place } from './create-page-reader.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.close())

test('pages that are asked for at the same time are each their own, and one statement', async () => {
  const { ada, ben, cleo } = app.people
  const one = await startThread(ada, 'private', [ben])
  const two = await startThread(ada, 'private', [cleo])
  for (let n = 0; n < 6; n++) await say(ada, n % 2 ? one.id : two.id, `${n}`)
  const statements: string[] = []
  const { db } = connect({
    url: app.database.url,
    log: (event) => void statements.push(event.query.sql),
  })
  const readPage = createPageReader(db)
  const newest = Number.MAX_SAFE_INTEGER
  const ask = async (place: Partial<Place>) => {
    try {
      const whole = {
        readerId: ada.user.id,
        threadId: one.id,
        seq: newest,
        older: 9,
        newer: 0,
        ...place,
      }
      const { older, hasOlder, newer, hasNewer } = await readPage(whole)
      return [
        older.map(({ text }) => text).join(),
        hasOlder,
        newer.map(({ text }) => text).join(),
        hasNewer,
      ]
    } catch (error) {
      return error instanceof AppError ? error.reason : error
    }
  }
  const answers = await Promise.all([
    ask({ readerId: ben.user.id }),
    ask({ readerId: cleo.user.id }),
    ask({ readerId: cleo.user.id, threadId: two.id, older: 1 }),
    ask({ seq: 0, older: 0, newer: 2 }),
    ask({ threadId: randomUUID() }),
    ask({ threadId: two.id, older: 0 }),
  ])
  await db.destroy()
  expect(answers).toEqual([
    ['5,3,1', false, '', false],
    'THREAD_NOT_FOUND',
    ['4', true, '', false],
    ['', false, '1,3', true],
    'THREAD_NOT_FOUND',
    ['', true, '', false],
  ])
  expect(statements).toHaveLength(1)
})

test('of long messages a page has fewer than were asked for, and reading on brings each of them once', async () => {
  const { ada, ben } = app.people
  const thread = await startThread(ada, 'private', [ben])
  const words = Array.from({ length: 45 }, (_, n) => `${n} ${'漢'.repeat(9_900)}`)
  for (const text of words) await say(ada, thread.id, text)
  const read: string[] = []
  const sizes: number[] = []
  for (let before: number | undefined, more = true; more;) {
    const page = await ben.api.messages.list({ threadId: thread.id, before, limit: 100 })
    sizes.push(page.messages.length)
    read.unshift(...page.messages.map(({ text }) => text))
    before = page.messages[0]?.seq
    more = page.hasOlder
  }
  expect(read).toEqual(words)
  expect(sizes).toEqual([20, 20, 5])
  const middle = await ben.api.messages.list({ threadId: thread.id, around: 25, limit: 100 })
  expect(middle).toMatchObject({ hasOlder: true, hasNewer: true })
  expect(middle.messages.length).toBe(40)
})
