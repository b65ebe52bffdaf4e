import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LogEvent } from '../../events.ts'
import { readLog } from '../../log/read-log.ts'
import { refusalOf } from '../../testing/refusal.ts'
import { say, startThread } from '../../testing/start-thread.ts'
import { createTestApp, type TestApp } from '../../testing/test-app.ts'
import { messageEvents } from './messages.events.ts'
import { maxMessageLength } from './messages.schema.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp({ instances: 2 })
})
afterAll(() => app.close())

/** The events of a stream, in order. */
async function log(stream: string) {
  return app.services.db
    .selectFrom('events')
    .select(['seq', 'type', 'actorId', 'payload'])
    .where('streamId', '=', stream)
    .orderBy('seq')
    .execute()
}

describe('messages sent at once', () => {
  test('by sixteen writers are numbered without a hole, in the order of the log', async () => {
    const { ada, ben, cleo, dan } = app.people
    const writers = [ada, ben, cleo, dan]
    const { id: threadId } = await startThread(ada, 'private', [ben, cleo, dan])
    const before = (await log(threadId)).length
    const sent = await Promise.all(
      Array.from({ length: 16 }, async (_, writer) => {
        const api = writers[writer % 4]?.on(app.instances[writer % 2] ?? app.services)
        const seqs: number[] = []
        for (let turn = 0; turn < 5; turn++) {
          const text = `writer ${writer}, turn ${turn}`
          const answer = await api?.messages.send({ threadId, clientId: randomUUID(), text })
          seqs.push(answer?.message.seq ?? 0)
        }
        return seqs
      }),
    )
    for (const seqs of sent) expect(seqs).toEqual([...seqs].sort((a, b) => a - b))
    const all = sent.flat().sort((a, b) => a - b)
    expect(all).toEqual(Array.from({ length: 80 }, (_, index) => before + 1 + index))
    const { messages, head } = await ada.api.messages.list({ threadId, limit: 100 })
    expect(messages.map((message) => message.seq)).toEqual(all)
    expect(head).toBe(all.at(-1))
  })

  test('and a removal are ordered: nothing of the removed one comes after it', async () => {
    const { ada, ben, cleo } = app.people
    const { id: threadId } = await startThread(ada, 'private', [ben, cleo])
    const ends: (string | null)[] = []
    const talk = async (api: typeof ben.api) => {
      for (let turn = 0; ; turn++) {
        const input = { threadId, clientId: randomUUID(), text: `still here ${turn}` }
        const refusal = await refusalOf(api.messages.send(input))
        if (refusal !== null) return void ends.push(refusal)
      }
    }
    const talking = app.instances.flatMap((instance) => [
      talk(ben.on(instance)),
      talk(ben.on(instance)),
    ])
    while ((await ada.api.messages.list({ threadId })).messages.length < 20);
    await ada.api.threads.participants.remove({ threadId, userId: ben.user.id })
    await Promise.all(talking)
    expect(ends).toEqual(Array(4).fill('THREAD_NOT_FOUND'))

    const events = await log(threadId)
    const left = events.find((event) => event.type === 'participant.left')
    const his = events.filter((event) => event.actorId === ben.user.id)
    expect(his.length).toBeGreaterThanOrEqual(20)
    expect(Math.max(...his.map((event) => event.seq))).toBeLessThan(left?.seq ?? 0)
    const { messages } = await cleo.api.messages.list({ threadId, after: left?.seq ?? 0 })
    expect(messages).toEqual([])
  })
})

test('who left and came back may send again, and sent nothing between', async () => {
  const { ada, ben } = app.people
  const { id: threadId } = await startThread(ada, 'open', [ben])
  await ben.api.threads.leave({ threadId })
  expect(await refusalOf(say(ben, threadId, 'from outside'))).toBe('THREAD_NOT_FOUND')
  await ben.api.threads.join({ threadId })
  await say(ben, threadId, 'back')
  const { messages } = await ada.api.messages.list({ threadId })
  expect(messages.map((message) => message.text)).toEqual(['back'])
})

describe('a text', () => {
  test.each([
    ['spaces around it and inside', '  a\t b \n\n c  '],
    ['right-to-left words', 'שלום עולם, مرحبا 123 !'],
    ['emoji of several parts', '👩🏽‍🚀👨‍👩‍👧‍👦🏳️‍🌈 🇸🇪'],
    ['combining marks', 'Z͑ͫ̓ͪ̂ͫ̽a̵l̴g̷o̸ e\u0301 vs é'],
    ['marks of direction and of nothing', '\u202Eevil\u202C \u200B\uFEFF\u00A0end'],
    ['quotes and backslashes', `\\u0000 \\ ' " ; drop table messages; -- $1 %s {}`],
    ['line ends of every kind', 'a\r\nb\rc\u2028d\u0085e'],
    ['control characters', 'bell \u0007 escape \u001b[31m red'],
    ['the greatest length', '字'.repeat(maxMessageLength)],
    ['half the greatest length in pairs', '🎈'.repeat(maxMessageLength / 2)],
  ])('with %s comes back exactly as it was sent', async (_name, text) => {
    const { ada, ben } = app.people
    const { id: threadId } = await startThread(ada, 'private', [ben])
    const sent = await say(ada, threadId, text)
    expect(sent.text).toBe(text)
    expect((await ben.api.messages.list({ threadId })).messages[0]?.text).toBe(text)
    const changed = [...text].slice(1).join('') + '.'
    const edited = await ada.api.messages.edit({ messageId: sent.id, text: changed })
    expect(edited.message.text).toBe(changed)
    const { versions } = await ben.api.messages.history({ messageId: sent.id })
    expect(versions[0]?.text).toBe(text)
    const posted = (await log(threadId)).find((event) => event.type === 'message.posted')
    expect(posted?.payload).toMatchObject({ message: { text } })
  })

  test.each([
    ['nothing', ''],
    ['spaces only', ' \n\t\u00A0 '],
    ['a NUL', 'a\u0000b'],
    ['the first half of a pair', 'a\uD83Cb'],
    ['the second half of a pair', '\uDF88'],
    ['one character too many', 'x'.repeat(maxMessageLength + 1)],
  ])('of %s is refused, and says which field it is', async (_name, text) => {
    const { ada } = app.people
    const { id: threadId } = await startThread(ada, 'private')
    expect(await refusalOf(say(ada, threadId, text))).toBe('INPUT_INVALID')
    await expect(say(ada, threadId, text)).rejects.toThrow(/"text"/)
    const before = await say(ada, threadId, 'good')
    expect(await refusalOf(ada.api.messages.edit({ messageId: before.id, text }))).toBe(
      'INPUT_INVALID',
    )
  })

  test('that cannot be stored is refused as a title, a topic and a query too', async () => {
    const { ada } = app.people
    const { id: threadId } = await startThread(ada, 'private')
    for (const text of ['a\u0000b', 'a\uD83Cb']) {
      expect(await refusalOf(startThread(ada, 'private', [], text))).toBe('INPUT_INVALID')
      expect(await refusalOf(ada.api.threads.update({ threadId, topic: text }))).toBe(
        'INPUT_INVALID',
      )
      expect(await refusalOf(ada.api.threads.browse({ query: text }))).toBe('INPUT_INVALID')
    }
  })
})

describe('a mention', () => {
  const mentionsOf = async (api: typeof app.people.ben.api, threadId: string) =>
    (await api.threads.get({ threadId })).thread.mentions

  test('counts for the participants it calls, not for others nor for its author', async () => {
    const { ada, ben, cleo, dan } = app.people
    const { id: threadId } = await startThread(ada, 'open', [ben, cleo])
    await say(ada, threadId, 'To @Ben and @ben, @dan, @ada: see `@cleo`')
    expect(await mentionsOf(ben.api, threadId)).toBe(1)
    expect(await mentionsOf(cleo.api, threadId)).toBe(0)
    expect(await mentionsOf(ada.api, threadId)).toBe(0)
    await dan.api.threads.join({ threadId })
    expect(await mentionsOf(dan.api, threadId)).toBe(0)
  })

  test('follows edits, and goes with the message', async () => {
    const { ada, ben, cleo } = app.people
    const { id: threadId } = await startThread(ada, 'private', [ben, cleo])
    const { id: messageId } = await say(ada, threadId, 'hello @ben')
    await ada.api.messages.edit({ messageId, text: 'hello @cleo' })
    expect(await mentionsOf(ben.api, threadId)).toBe(0)
    expect(await mentionsOf(cleo.api, threadId)).toBe(1)
    await ada.api.messages.delete({ messageId })
    expect(await mentionsOf(cleo.api, threadId)).toBe(0)
  })
})

test('what is announced of a message is what the log says of it, to the letter', async () => {
  const { ada, ben } = app.people
  const { id: threadId } = await startThread(ada, 'private', [ben])
  const heard: LogEvent[] = []
  const listener = { hear: ({ event }: { event: LogEvent }) => void heard.push(event) }
  await app.services.hub.watch(threadId, listener).ready
  const texts = ['plain', '"quoted", \\ and \n', '@ben look', '{"a":[null]}', '👩‍👩‍👧 بن \u2028']
  await Promise.all(texts.map((text) => say(ada, threadId, text)))
  app.services.hub.unwatch(threadId, listener)
  expect(heard).toHaveLength(texts.length)
  const { events: logged } = await readLog(app.services.db, threadId, (heard[0]?.seq ?? 0) - 1)
  expect(heard).toEqual(logged.map(({ event }) => event))
  expect(messageEvents['message.posted'].payload.strict().parse(heard[0]?.payload)).toEqual(
    heard[0]?.payload,
  )
})
