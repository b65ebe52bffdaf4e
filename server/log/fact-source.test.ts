import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { threadAccess } from '../features/events/thread-access.ts'
import { createMetrics } from '../observe/metrics.ts'
import {
  createPerson,
  createThread,
  until,
  upTo,
  write,
  type LogInstance,
} from '../testing/log-fixture.ts'
import type { Access } from './access.ts'
import { logInstances } from '../testing/log-instances.ts'
import { createFactSource } from './fact-source.ts'

const { start } = logInstances()

test.each([4, 20])(
  'of %i connections readers who come back leave some to others',
  async (connections) => {
    const here = await start({ pool: connections })
    const other = await start()
    const source = sourceOf(here, threadAccess, connections)
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
      const { rows } = await sql<{ one: number }>`select 1 as one`.execute(here.db)
      expect(rows).toEqual([{ one: 1 }])
      expect(answered).toBe(0)
      return reading
    })
    const pages = await Promise.all(reading)
    expect(pages.map(([first]) => first?.event.seq)).toEqual(places.map((after) => after + 1))
  },
)

function sourceOf({ db, hub, epoch }: LogInstance, access = threadAccess, connections = 10) {
  const metrics = createMetrics()
  return createFactSource({ db, hub, access, server: { epoch }, connections, metrics })
}

test('who comes with many old cursors at once is looked for one after the other; somebody else does not wait', async () => {
  const here = await start()
  const source = sourceOf(here)
  const many = await createPerson(here, 'many')
  const once = await createPerson(here, 'once')
  const order: string[] = []
  await here.db.transaction().execute(async (trx) => {
    await sql`lock table participants in access exclusive mode`.execute(trx)
    const looks = upTo(5).map((n) => source.look({ userId: many, horizon: String(n) }))
    looks.push(source.look({ userId: once, horizon: '0' }))
    for (const [place, look] of looks.entries())
      void look.then(() => order.push(place < 5 ? 'many' : 'once'))
    await sleep(100)
    expect(order).toEqual([])
  })
  await until(() => order.length === 6, 5_000, 'all looks')
  expect(order.slice(0, 2).sort()).toEqual(['many', 'once'])
})

test('one whose look takes too long keeps nobody from theirs', async () => {
  const here = await start()
  const ada = await createPerson(here, 'ada')
  const ben = await createPerson(here, 'ben')
  const eve = await createPerson(here, 'eve')
  const slowFor: Access = {
    ...threadAccess,
    async look(db, viewers) {
      return db.transaction().execute(async (trx) => {
        await sql`set local statement_timeout = 200`.execute(trx)
        if (viewers.some(({ userId }) => userId === eve)) await sql`select pg_sleep(5)`.execute(trx)
        return threadAccess.look(trx, viewers)
      })
    },
  }
  const source = sourceOf(here, slowFor)
  const looks = await Promise.allSettled(
    [ada, eve, ben].map((userId) => source.look({ userId, horizon: '0' })),
  )
  expect(looks.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(
    looks.flatMap((look) => (look.status === 'fulfilled' ? [look.value.streams[0]] : [])),
  ).toEqual([ada, ben])
})
