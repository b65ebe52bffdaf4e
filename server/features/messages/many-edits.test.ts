import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { refusalOf } from '../../testing/refusal.ts'
import { say, startThread } from '../../testing/start-thread.ts'
import { createTestApp, type TestApp } from '../../testing/test-app.ts'
import { deleteMessage } from './delete-message.ts'
import { editMessage } from './edit-message.ts'
import { maxEdits, maxVersions } from './messages.schema.ts'

let app: TestApp
let threadId: string
let messageId: string
beforeAll(async () => {
  app = await createTestApp()
  const { ada } = app.people
  threadId = (await startThread(ada, 'private')).id
  messageId = (await say(ada, threadId, 'plugh 0')).id
  await app.services.commit(async (trx) => {
    for (let turn = 1; turn <= maxEdits; turn++)
      await editMessage(trx, ada.user.id, { messageId, text: `plugh ${turn}` })
  })
}, 60_000)
afterAll(() => app.close())

/** In how many messages, edits and events a word stands. */
async function countOf(word: string): Promise<number> {
  const { rows } = await sql<{ found: number }>`
    select count(*) as found from (
      select text from messages
      union all select previous_text from message_edits
      union all select payload::text from events
    ) said where text like ${`%${word}%`}`.execute(app.services.db)
  return rows[0]?.found ?? 0
}

test('a message that was edited as often as it may be stays as it is', async () => {
  const { ada } = app.people
  expect(await refusalOf(ada.api.messages.edit({ messageId, text: 'once more' }))).toBe(
    'TOO_MANY_EDITS',
  )
  const { message } = await ada.api.messages.get({ messageId })
  expect(message.text).toBe(`plugh ${maxEdits}`)
  expect(await refusalOf(ada.api.messages.edit({ messageId, text: message.text }))).toBeNull()
})

test('its history is what it said last', async () => {
  const { ada } = app.people
  const { versions } = await ada.api.messages.history({ messageId })
  const { message } = await ada.api.messages.get({ messageId })
  expect(versions).toHaveLength(maxVersions)
  expect(versions.map(({ text }) => text)).toEqual(
    Array.from({ length: maxVersions }, (_, turn) => `plugh ${maxEdits - maxVersions + turn + 1}`),
  )
  expect(versions.at(-1)?.at).toBe(message.editedAt)
  const times = versions.map(({ at }) => at)
  expect(times).toEqual([...times].sort())
  expect(times[0] !== undefined && times[0] > message.at).toBe(true)
})

test('it can be deleted, and what it said is nowhere', async () => {
  const { ada } = app.people
  expect(await countOf('plugh')).toBe(2 * maxEdits + 2)
  await ada.api.messages.delete({ messageId })
  expect(await countOf('plugh')).toBe(0)
})

test('so can one that was edited more often, when nothing limited that', async () => {
  const { ada } = app.people
  const { id: messageId } = await say(ada, threadId, 'frotz')
  await sql`
    insert into message_edits (message_id, seq, editor_id, previous_text)
    select ${messageId}, 1000000 + turn, ${ada.user.id}, 'frotz'
    from generate_series(1, 66000) turn`.execute(app.services.db)
  // As long as it takes: on a busy machine more than the two seconds of a call.
  await app.services.commit((trx) => deleteMessage(trx, ada.user.id, { messageId }))
  expect(await countOf('frotz')).toBe(0)
})
