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
  const {
    events: [event],
  } = await readLog(db, stream, 0)
  expect(event?.json).toContain(`"payload":${written}}`)
  expect(event?.event).toMatchObject({
    ...{ stream, seq: 1, type: 'read-position.moved', version: 1, actorId: null },
    payload: { threadId: '1e3', seq: 1 },
  })
})

test('a page ends at 250 events, or with the one that fills half a megabyte; the last one says so', async () => {
  const instance = await start()
  const { db } = instance
  const write = async (name: string, sizes: readonly number[]) => {
    const stream = await createPerson(instance, name)
    await sql`
      insert into events (stream_id, seq, type, version, payload)
      select ${stream}, place, 'read-position.moved', 1, to_json(repeat('x', size))
      from unnest(${sizes}::int[]) with ordinality as sizes (size, place)`.execute(db)
    return stream
  }
  const pages = async (stream: string) => {
    const found = []
    for (let after = 0; ;) {
      const { events, isLast } = await readLog(db, stream, after)
      found.push(events.length)
      after = events.at(-1)?.seq ?? after
      expect(events.map(({ seq }) => seq)).toEqual(
        events.map((_, i) => after - events.length + 1 + i),
      )
      if (isLast) return { found, after }
    }
  }
  expect(await pages(await write('short', Array<number>(260).fill(10)))).toEqual({
    found: [250, 10],
    after: 260,
  })
  expect(await pages(await write('long', Array<number>(40).fill(40_000)))).toEqual({
    found: [14, 14, 12],
    after: 40,
  })
  expect(await pages(await write('huge', [1_000_000, 10, 1_000_000, 1_000_000]))).toEqual({
    found: [1, 2, 1, 0],
    after: 4,
  })
  expect(await pages(await write('none', []))).toEqual({ found: [0], after: 0 })
})
