import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { addPerson } from '../../testing/factories.ts'
import { createTestApp, type TestApp } from '../../testing/test-app.ts'
import { authenticate } from './authenticate.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.close())
afterEach(() => {
  vi.useRealTimers()
})

const hour = 3_600_000

/** Sets the clock of this machine wrong; the database's goes on as it was. */
function setClock(offset: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + offset })
}

async function expire(userId: string, minutes: number): Promise<void> {
  await sql`update sessions set expires_at = clock_timestamp() + make_interval(mins => ${minutes})
    where user_id = ${userId}`.execute(app.database.db)
}

test.each([
  ['ahead', hour],
  ['behind', -hour],
])(
  'an instance whose clock is an hour %s ends no session early, and none late',
  async (name, offset) => {
    const { user, cookieHeader } = await addPerson(app.services, `Clock ${name}`, `clock-${name}`)
    const who = () => authenticate(app.services.accounts, { cookieHeader })
    await expire(user.id, 30)
    setClock(offset)
    expect(await who()).toMatchObject({ id: user.id })
    // It is in the second half of its time, so it was renewed: by the database's clock.
    const { rows } = await sql<{ days: number }>`
    select extract(epoch from expires_at - clock_timestamp())::float8 / 86400 as days
    from sessions where user_id = ${user.id}`.execute(app.database.db)
    expect(rows[0]?.days).toBeCloseTo(14, 2)

    await expire(user.id, -30)
    expect(await who()).toBe(null)
  },
)
