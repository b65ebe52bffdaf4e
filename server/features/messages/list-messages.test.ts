import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { refusalOf } from '../../testing/refusal.ts'
import { say, startThread } from '../../testing/start-thread.ts'
import { createTestApp, type TestApp } from '../../testing/test-app.ts'
import { listOutput, message } from './messages.schema.ts'

let app: TestApp
let threadId: string
/** seqs of the messages, with holes between them where other events are. */
const seqs: number[] = []
beforeAll(async () => {
  app = await createTestApp()
  const { ada, ben } = app.people
  threadId = (await startThread(ada, 'private', [ben])).id
  for (let turn = 0; turn < 12; turn++) {
    const { seq } = await say(turn % 2 ? ada : ben, threadId, `message ${turn}`)
    seqs.push(seq)
    if (turn % 3 === 0) await ada.api.threads.update({ threadId, topic: `topic ${turn}` })
  }
})
afterAll(() => app.close())

const list = (input: { before?: number; after?: number; around?: number; limit?: number }) =>
  app.people.ben.api.messages.list({ threadId, ...input })

/** The page as indexes of the messages. */
async function page(input: Parameters<typeof list>[0]) {
  const { messages, hasOlder, hasNewer } = await list(input)
  return { indexes: messages.map((message) => seqs.indexOf(message.seq)), hasOlder, hasNewer }
}

const seq = (index: number) => seqs[index] ?? 0
const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i)

describe('a page', () => {
  test('without a place is the newest', async () => {
    expect(await page({})).toEqual({ indexes: range(0, 11), hasOlder: false, hasNewer: false })
    expect(await page({ limit: 5 })).toEqual({
      indexes: range(7, 11),
      hasOlder: true,
      hasNewer: false,
    })
  })

  test('before a message ends just before it', async () => {
    expect(await page({ before: seq(7), limit: 5 })).toEqual({
      indexes: range(2, 6),
      hasOlder: true,
      hasNewer: true,
    })
    expect(await page({ before: seq(3), limit: 3 })).toEqual({
      indexes: range(0, 2),
      hasOlder: false,
      hasNewer: true,
    })
    expect(await page({ before: 0 })).toEqual({ indexes: [], hasOlder: false, hasNewer: true })
  })

  test('after a message begins just after it', async () => {
    expect(await page({ after: seq(2), limit: 4 })).toEqual({
      indexes: range(3, 6),
      hasOlder: true,
      hasNewer: true,
    })
    expect(await page({ after: seq(9), limit: 4 })).toEqual({
      indexes: [10, 11],
      hasOlder: true,
      hasNewer: false,
    })
    expect(await page({ after: 0, limit: 100 })).toEqual({
      indexes: range(0, 11),
      hasOlder: false,
      hasNewer: false,
    })
    expect(await page({ after: 1_000_000 })).toMatchObject({ indexes: [], hasNewer: false })
  })

  test('around a message has it in the middle, and is full at the ends too', async () => {
    expect(await page({ around: seq(6), limit: 5 })).toEqual({
      indexes: range(4, 8),
      hasOlder: true,
      hasNewer: true,
    })
    expect(await page({ around: seq(0), limit: 5 })).toEqual({
      indexes: range(0, 4),
      hasOlder: false,
      hasNewer: true,
    })
    expect(await page({ around: seq(11), limit: 5 })).toEqual({
      indexes: range(7, 11),
      hasOlder: true,
      hasNewer: false,
    })
    // Nothing stands before a thread's beginning, so the whole page comes from after it.
    expect(await page({ around: 0, limit: 5 })).toEqual({
      indexes: range(0, 4),
      hasOlder: false,
      hasNewer: true,
    })
    expect(await page({ around: seq(6), limit: 1 })).toEqual({
      indexes: [6],
      hasOlder: true,
      hasNewer: true,
    })
    expect(await page({ around: seq(6), limit: 100 })).toEqual({
      indexes: range(0, 11),
      hasOlder: false,
      hasNewer: false,
    })
  })

  test('after page reaches every message once, forwards and backwards', async () => {
    const forwards: number[] = []
    for (let after = 0, more = true; more;) {
      const { messages, hasNewer } = await list({ after, limit: 5 })
      forwards.push(...messages.map((message) => message.seq))
      after = forwards.at(-1) ?? 0
      more = hasNewer
    }
    expect(forwards).toEqual(seqs)
    const backwards: number[] = []
    for (let before = 1_000_000, more = true; more;) {
      const { messages, hasOlder } = await list({ before, limit: 5 })
      backwards.unshift(...messages.map((message) => message.seq))
      before = backwards[0] ?? 0
      more = hasOlder
    }
    expect(backwards).toEqual(seqs)
  })

  test('takes one place at most, and a limit of at most 100', async () => {
    expect(await refusalOf(list({ before: 1, after: 2 }))).toBe('INPUT_INVALID')
    expect(await refusalOf(list({ limit: 101 }))).toBe('INPUT_INVALID')
    expect(await refusalOf(list({ limit: 0 }))).toBe('INPUT_INVALID')
    expect(await refusalOf(list({ after: -1 }))).toBe('INPUT_INVALID')
    expect(await refusalOf(list({ after: 1.5 }))).toBe('INPUT_INVALID')
  })
})

test('while others write, the page has all up to its head and nothing beyond', async () => {
  const { ada, ben } = app.people
  const { id } = await startThread(ada, 'private', [ben])
  let writing = true
  const write = async () => {
    while (writing)
      await ada.api.messages.send({ threadId: id, clientId: randomUUID(), text: 'more' })
  }
  const writers = [write(), write(), write()]
  const first = 4
  let head = 0
  for (let look = 0; look < 25 || head <= first + 10; look++) {
    const { messages, ...page } = await ben.api.messages.list({ threadId: id, limit: 100 })
    head = page.head
    const shown = messages.map((message) => message.seq)
    const from = Math.max(first, head - 99)
    expect(shown).toEqual(head < first ? [] : range(from, head))
  }
  writing = false
  await Promise.all(writers)
})

test('a page says of each message what is said of it alone, and nothing else', async () => {
  const { ada, ben } = app.people
  const thread = await startThread(ada, 'private', [ben])
  const [edited, deleted] = [await say(ada, thread.id, 'a'), await say(ben, thread.id, 'b')]
  await say(ada, thread.id, 'c')
  await ada.api.messages.edit({ messageId: edited.id, text: 'better' })
  await ben.api.messages.delete({ messageId: deleted.id })
  const given = await ben.api.messages.list({ threadId: thread.id })
  expect(listOutput.extend({ messages: message.strict().array() }).strict().parse(given)).toEqual(
    given,
  )
  expect(given.messages.length).toBe(3)
  for (const each of given.messages) {
    expect(each).toEqual((await ben.api.messages.get({ messageId: each.id })).message)
    for (const time of [each.at, each.editedAt, each.deletedAt])
      if (time !== null) expect(new Date(time).toISOString()).toBe(time)
  }
})

test('what people write and how they are called comes back to the letter', async () => {
  const { ada, ben } = app.people
  const { id: threadId } = await startThread(ada, 'private', [ben])
  const names = ['Ben, the "other"; one', 'Ben \\ O’Hara', 'بن', 'Ben 🪡; ,']
  const texts = [
    'a,b;c,,;;',
    '"quoted" \\ back',
    '\n\ttabs\n',
    'a\u2028b\u2029',
    '👩‍👩‍👧 {"a":[null]}',
    'null',
  ]
  for (const name of names) {
    await ben.api.people.updateProfile({ name })
    for (const text of texts) await say(ben, threadId, text)
  }
  const { messages } = await ada.api.messages.list({ threadId })
  expect(messages.map(({ text }) => text)).toEqual(names.flatMap(() => texts))
  expect(new Set(messages.map(({ author }) => author.name))).toEqual(new Set([names.at(-1)]))
})
