/** What goes on while it is being found out who a socket belongs to, which takes long when the database does. */
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { WebSocket } from 'ws'
import { revokeSession } from '../../features/accounts/revoke-session.ts'
import type { Trx } from '../../log/commit.ts'
import { addPerson, type TestPerson } from '../../testing/factories.ts'
import { until } from '../../testing/log-fixture.ts'
import {
  closed,
  collect,
  openSocketFixture,
  type Frame,
  type SocketFixture,
} from '../../testing/socket-fixture.ts'
import { closeCodes, socketLimits } from './limits.ts'

let fixture: SocketFixture
beforeAll(async () => {
  fixture = await openSocketFixture()
})
afterEach(() => fixture.cleanUp())
afterAll(() => fixture.close())

test('who comes while others are looked up once more is not taken for one of them', async () => {
  const { ada, ben, cleo } = fixture.app.people
  const { server } = await fixture.standAlone({ pingMs: 60_000, pongMs: 5_000, recheckMs: 300 })
  const { secret } = await ben.api.auth.tokens.create({ name: 'bot', days: 1 })
  const byToken = fixture.openRaw(server, null, '?connectionParams=1')
  const byCookie = fixture.openRaw(server, ada)
  await Promise.all([once(byToken, 'open'), once(byCookie, 'open')])
  byToken.send(JSON.stringify({ method: 'connectionParams', data: { token: secret } }))
  await sleep(100)
  const newcomer = await holding('tokens', 'access exclusive', async () => {
    await sleep(500)
    const ws = fixture.openRaw(server, cleo)
    await once(ws, 'open')
    await sleep(300)
    return ws
  })
  await sleep(300)
  expect([byToken, byCookie, newcomer].map(({ readyState }) => readyState)).toEqual([1, 1, 1])
})

test('sockets that are gone before it is known whose they are count for nobody', async () => {
  const eve = await addPerson(fixture.app.services, 'Eve')
  const [server] = fixture.servers
  await holding('sessions', 'access exclusive', async () => {
    const gone = Array.from({ length: socketLimits.socketsPerPerson }, () =>
      fixture.openRaw(server, eve),
    )
    await Promise.all(gone.map((ws) => once(ws, 'open')))
    for (const ws of gone) ws.terminate()
    await sleep(200)
  })
  await sleep(200)
  const ws = fixture.openRaw(server, eve)
  expect(await answerTo(ws, 'auth.me')).toMatchObject({ result: { type: 'data' } })
})

test('what was ended or changed while a socket was being opened counts for it within two seconds', async () => {
  const gil = await addPerson(fixture.app.services, 'Gil')
  const hal = await addPerson(fixture.app.services, 'Hal')
  await unseen(gil, hal)
  const open = async (person: TestPerson) => {
    const ws = fixture.openRaw(fixture.servers[0], person)
    await once(ws, 'open')
    return ws
  }
  const [ended, promoted] = await holding('sessions', 'share', async (trx) => {
    const sockets = [await open(gil), await open(hal)] as const
    // Both are known by now, and wait for its being noted that they were seen.
    await sleep(150)
    const { via } = gil.actor
    const sessionId = via.type === 'session' ? via.sessionId : ''
    await revokeSession(trx, gil.user.id, { sessionId })
    await trx.updateTable('users').set({ role: 'admin' }).where('id', '=', hal.user.id).execute()
    return sockets
  })
  const released = Date.now()
  expect(await closed(ended)).toBe(closeCodes.sessionEnded)
  expect(Date.now() - released).toBeLessThan(2_000)
  expect(await answerTo(promoted, 'server.invitations.list')).toMatchObject({
    result: { type: 'data' },
  })
})

test('a database that takes too long to say who it is asks for another try, not for signing in', async () => {
  const ida = await addPerson(fixture.app.services, 'Ida')
  const { db } = fixture.app.services
  await unseen(ida)
  const noting = (how: string) =>
    sql`create or replace function note_slowly() returns trigger language plpgsql as
      ${sql.lit(`begin ${how} return new; end`)}`.execute(db)
  await noting('perform pg_sleep(7);')
  await sql`create trigger slow before update on sessions
    for each row execute function note_slowly()`.execute(db)
  const ws = fixture.openRaw(fixture.servers[0], ida)
  const began = Date.now()
  expect(await closed(ws)).toBe(closeCodes.tryAgain)
  expect(Date.now() - began).toBeLessThan(socketLimits.authenticateMs + 1_500)
  await noting('')
}, 30_000)

/** Holds a lock on a table while the work is done. */
function holding<Result>(
  table: string,
  mode: 'share' | 'access exclusive',
  work: (trx: Trx) => Promise<Result>,
): Promise<Result> {
  return fixture.app.services.commit(async (trx) => {
    await sql`lock table ${sql.table(table)} in ${sql.raw(mode)} mode`.execute(trx)
    return work(trx)
  })
}

/** Their sessions are written to when they come. */
async function unseen(...people: TestPerson[]): Promise<void> {
  await fixture.app.services.db
    .updateTable('sessions')
    .set({ lastSeenAt: new Date(Date.now() - 600_000) })
    .where(
      'userId',
      'in',
      people.map(({ user }) => user.id),
    )
    .execute()
}

/** What a query without an input is answered with; null when the socket is closed instead. */
async function answerTo(ws: WebSocket, path: string): Promise<Frame | null> {
  const frames = collect(ws)
  if (ws.readyState === ws.CONNECTING) await once(ws, 'open')
  ws.send(JSON.stringify({ id: 1, method: 'query', params: { path } }))
  await until(() => frames.length > 0 || ws.readyState !== ws.OPEN, 3_000, 'an answer or the end')
  return frames[0] ?? null
}
