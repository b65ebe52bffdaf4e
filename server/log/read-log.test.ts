import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { createPerson } from '../testing/log-fixture.ts'
import { logInstances } from '../testing/log-instances.ts'
import { readLog } from './read-log.ts'

const { start } = logInstances()

test('the log is read as the text that was written, a payload of any size without taking it apart', async () => {
  const instance = await start()
  const { db } = instance
  const stream = await createPerson(instance, 'ada')
  // As nobody here would put it together: had it been parsed on the way, the spaces would be gone.
  const written = '{"threadId" :   "1e3",  "seq": 1.0}'
  await sql`
    insert into events (stream_id, seq, type, version, payload)
    values (${stream}, 1, 'read-position.moved', 1, ${written}::json)`.execute(db)
  const [event] = await readLog(db, stream, 0)
  expect(event?.json).toContain(`"payload":${written}}`)
  expect(event?.event).toMatchObject({
    ...{ stream, seq: 1, type: 'read-position.moved', version: 1, actorId: null },
    payload: { threadId: '1e3', seq: 1 },
  })
})
