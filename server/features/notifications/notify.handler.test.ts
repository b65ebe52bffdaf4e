import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { restBeatMs, untilBeat } from '../../beat.ts'
import { strangersEnded } from '../../testing/quiet-database.ts'
import { createTestApp, type TestApp } from '../../testing/test-app.ts'

let app: TestApp
let general: string
beforeAll(async () => {
  app = await createTestApp({ instances: 2 })
  general = (await app.people.ada.api.threads.list({})).threads[0]?.id ?? ''
})
afterAll(() => app.close())

async function say(text: string, threadId = general) {
  const sent = await app.people.ada.api.messages.send({ threadId, clientId: randomUUID(), text })
  return sent.message
}

/** Whom the message calls, once everything up to now has been handled. */
async function called(messageId: string): Promise<string[]> {
  const marker = await say('@dan: this is the last of it')
  for (
    const deadline = Date.now() + 10_000;
    (await rowsOf(marker.id)).length === 0;
    await sleep(20)
  )
    if (Date.now() > deadline) throw new Error('nothing was handled in time')
  return rowsOf(messageId)
}

async function rowsOf(messageId: string): Promise<string[]> {
  const rows = await app.services.db
    .selectFrom('notifications')
    .innerJoin('users', 'users.id', 'notifications.userId')
    .select(['users.handle', 'cause'])
    .where('messageId', '=', messageId)
    .orderBy('users.handle')
    .execute()
  return rows.map(({ handle, cause }) => `${handle} ${cause}`)
}

test('a mention calls whom it names, and nobody else', async () => {
  const { id } = await say('@ben and @cleo, and @ada herself, look')
  const { id: plain } = await say('nobody in particular')
  expect(await called(id)).toEqual(['ben mention', 'cleo mention'])
  expect(await rowsOf(plain)).toEqual([])
})

test('whom a message names need not wait for the next look at the log', async () => {
  const times: number[] = []
  for (let n = 0; n < 5; n++) {
    await sleep(untilBeat(restBeatMs) + 50)
    await strangersEnded(app.services.db)
    const started = performance.now()
    const { id } = await say('@ben, quickly')
    for (const deadline = Date.now() + 10_000; (await rowsOf(id)).length === 0; await sleep(10))
      if (Date.now() > deadline) throw new Error('not handled in time')
    times.push(performance.now() - started)
  }
  // Each begins shortly after a look: with the looks alone it would take as long as there is between two.
  expect(times.sort((a, b) => a - b)[2]).toBeLessThan(restBeatMs - 500)
})

test('a message in a direct thread calls the others, once, also when it names them', async () => {
  const { ben, cleo } = app.people
  const { thread: direct } = await app.people.ada.api.threads.create({
    clientId: randomUUID(),
    kind: 'direct',
    participantIds: [ben.user.id, cleo.user.id],
  })
  const { id } = await say('@ben, are you there?', direct.id)
  expect(await called(id)).toEqual(['ben mention', 'cleo direct'])
})

test('an edit calls whom it names anew and takes back whom it names no more', async () => {
  const { id } = await say('@ben?')
  await called(id)
  await app.people.ada.api.messages.edit({ messageId: id, text: '@cleo?' })
  expect(await called(id)).toEqual(['cleo mention'])
})

test('a message that was deleted calls nobody, also when that came before it was handled', async () => {
  const { id } = await say('@ben, forget this')
  await app.people.ada.api.messages.delete({ messageId: id })
  const { id: known } = await say('@ben, and this')
  expect(await called(known)).toEqual(['ben mention'])
  await app.people.ada.api.messages.delete({ messageId: known })
  expect(await called(known)).toEqual([])
  expect(await rowsOf(id)).toEqual([])
  const dead = await app.services.db.selectFrom('deadLetters').selectAll().execute()
  expect(dead).toEqual([])
})

test('a message that calls nobody is passed over, but for one of a version that this code does not know', async () => {
  const { id, seq, threadId } = await say('nobody in particular')
  const newer = await say('nobody either')
  const { db } = app.services
  await called(id)
  const letters = () =>
    db
      .selectFrom('deadLetters')
      .select(['seq', 'reason'])
      .where('streamId', '=', threadId)
      .execute()
  expect(await letters()).toEqual([])
  // As newer code beside this one would have written it, and not yet handled.
  const change = { version: 99, xid: sql<string>`pg_current_xact_id()` }
  await db
    .updateTable('events')
    .set(change)
    .where('streamId', '=', threadId)
    .where('seq', '=', newer.seq)
    .execute()
  await called(newer.id)
  expect(await letters()).toEqual([
    { seq: newer.seq, reason: expect.stringContaining('newer') as string },
  ])
  expect(seq).toBeLessThan(newer.seq)
})
