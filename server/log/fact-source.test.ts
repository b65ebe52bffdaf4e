import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { threadAccess } from '../features/events/thread-access.ts'
import { createMetrics } from '../observe/metrics.ts'
import { createPerson, createThread, write } from '../testing/log-fixture.ts'
import { logInstances } from '../testing/log-instances.ts'
import { createFactSource } from './fact-source.ts'

const { start } = logInstances()

test.each([4, 20])(
  'of %i connections readers who come back leave some to others',
  async (connections) => {
    const { db, hub, epoch } = await start({ pool: connections })
    const other = await start()
    const source = createFactSource({
      ...{ db, hub, access: threadAccess, server: { epoch }, connections },
      metrics: createMetrics(),
    })
    const thread = await createThread(other, [await createPerson(other, `ada-${connections}`)])
    for (let n = 0; n < 30; n++) await write(other, [thread])
    const places = Array.from({ length: 30 }, (_, after) => after)
    let answered = 0
    const reading = await other.db.transaction().execute(async (trx) => {
      // Nobody gets a page for as long as this is held.
      await sql`lock table events in access exclusive mode`.execute(trx)
      const reading = places.map(async (after) => {
        const page = await source.readOn(thread, after)
        answered++
        return page
      })
      await sleep(100)
      const { rows } = await sql<{ one: number }>`select 1 as one`.execute(db)
      expect(rows).toEqual([{ one: 1 }])
      expect(answered).toBe(0)
      return reading
    })
    const pages = await Promise.all(reading)
    expect(pages.map(([first]) => first?.event.seq)).toEqual(places.map((after) => after + 1))
  },
)
