import { expect, test } from 'vitest'
import { lockStreams, appendEvents } from '../../log/append.ts'
import {
  createPerson,
  createThread,
  release,
  startLogInstance,
  write,
  type LogInstance,
} from '../../testing/log-fixture.ts'
import { createQuietDatabase } from '../../testing/quiet-database.ts'
import { threadAccess } from './thread-access.ts'

const events = 3_000

async function fill({ commit }: LogInstance, stream: string): Promise<void> {
  await commit(async (trx) => {
    await lockStreams(trx, [stream])
    const draft = {
      stream,
      type: 'read-position.moved' as const,
      actorId: null,
      payload: { threadId: stream, seq: 0 },
    }
    await appendEvents(
      trx,
      Array.from({ length: events }, () => draft),
    )
  })
}

test('coming back reads what was missed, however long the threads are', async () => {
  const quiet = await createQuietDatabase()
  const { db } = quiet
  const writer = await startLogInstance(quiet.url)
  const person = await createPerson(writer, 'ada')
  const thread = await createThread(writer, [person])
  const left = await createThread(writer, [person])
  await fill(writer, thread)
  await fill(writer, left)
  const leftSeq = await release(writer, left, person)
  await fill(writer, left)
  const viewer = { userId: person, horizon: '0' }
  await writer.close()
  await quiet.settled()
  const [before] = await threadAccess.look(db, [viewer])
  const later = await startLogInstance(quiet.url)
  const missed = await write(later, [thread])
  await later.close()
  await quiet.settled()

  const fetched = await quiet.eventsFetched()
  const [sight] = await threadAccess.look(db, [{ ...viewer, horizon: before?.horizon ?? '' }])
  const looked = (await quiet.eventsFetched()) - fetched
  expect(sight?.missed).toEqual([{ stream: thread, from: missed[0], upTo: missed[0] }])
  expect(looked).toBeGreaterThan(0)
  expect(looked).toBeLessThan(50)

  // Who comes for the first time missed all of it.
  const [everything] = await threadAccess.look(db, [viewer])
  expect(everything?.missed).toContainEqual({ stream: thread, from: 1, upTo: missed[0] })
  expect(everything?.missed).toContainEqual({ stream: left, from: 1, upTo: leftSeq })

  // What was never written is not missed.
  await db
    .updateTable('streams')
    .set((eb) => ({ head: eb('head', '+', 10) }))
    .execute()
  const [now] = await threadAccess.look(db, [{ ...viewer, horizon: everything?.horizon ?? '' }])
  expect(now?.missed).toEqual([])
  await quiet.close()
})
