import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect } from '../../../db/client.ts'
import { AppError } from '../../errors.ts'
import { testPassword, type TestPerson } from '../../testing/factories.ts'
import { createTestApp, type TestApp } from '../../testing/test-app.ts'
import { createBrowser, type TestBrowser } from '../../testing/test-browser.ts'
import { authenticate } from './authenticate.ts'
import { createAccounts } from './create-accounts.ts'
import { hashSecret } from './secret.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.close())

async function signedIn({ user }: TestPerson): Promise<TestBrowser> {
  const browser = createBrowser(app.services)
  const api = await browser.open()
  await api.auth.signIn({ email: user.email ?? '', password: testPassword })
  return browser
}

const who = ({ cookieHeader }: TestBrowser) => authenticate(app.services.accounts, { cookieHeader })

async function rowOf(browser: TestBrowser) {
  const secret = browser.cookieHeader?.split('=')[1] ?? ''
  return app.database.db
    .selectFrom('sessions')
    .selectAll()
    .where('secretHash', '=', hashSecret(secret))
    .executeTakeFirstOrThrow()
}

/** Lets a session's past be longer, and its future shorter. */
async function age(id: string, days: number): Promise<void> {
  await sql`update sessions set created_at = created_at - make_interval(days => ${days}),
    expires_at = expires_at - make_interval(days => ${days}),
    ends_at = ends_at - make_interval(days => ${days}),
    last_seen_at = last_seen_at - make_interval(days => ${days}) where id = ${id}`.execute(
    app.database.db,
  )
}

test('whoever reads the tables finds no session and no token to sign in with', async () => {
  const browser = await signedIn(app.people.ben)
  const api = await browser.open()
  const { secret } = await api.auth.tokens.create({ name: 'a script' })
  const { code } = await app.people.ada.api.server.invitations.create({})
  const sessionSecret = browser.cookieHeader?.split('=')[1] ?? ''
  expect(sessionSecret.length).toBeGreaterThanOrEqual(40)

  const { rows: tables } = await sql<{ name: string }>`
    select tablename as name from pg_tables where schemaname = 'public'`.execute(app.database.db)
  let dump = ''
  for (const { name } of tables) {
    const { rows } = await sql<{
      row: string
    }>`select t::text as row from ${sql.table(name)} t`.execute(app.database.db)
    dump += rows.map(({ row }) => row).join('\n')
  }
  // The dump is one: what is kept of the secret is in it.
  expect(dump).toContain(hashSecret(sessionSecret).toString('hex'))
  const base64 = (text: string) => Buffer.from(text).toString('hex')
  for (const kept of [sessionSecret, secret, code, testPassword]) {
    expect(dump).not.toContain(kept)
    expect(dump).not.toContain(base64(kept))
  }
  // The hash itself opens nothing.
  const stolen = `skein_session=${hashSecret(sessionSecret).toString('hex')}`
  expect(await authenticate(app.services.accounts, { cookieHeader: stolen })).toBeNull()
})

test('a session that is not used for 14 days ends', async () => {
  const browser = await signedIn(app.people.ben)
  const { id } = await rowOf(browser)
  await age(id, 6)
  expect(await who(browser)).toMatchObject({ id: app.people.ben.user.id })
  await age(id, 8)
  expect(await who(browser)).toBeNull()
})

test('a session that is used goes on, with its cookie, to the 90th day and no longer', async () => {
  const browser = await signedIn(app.people.ben)
  const { id } = await rowOf(browser)
  for (let day = 8; day <= 88; day += 8) {
    await age(id, 8)
    const cookies = browser.given.length
    const api = await browser.open()
    expect((await api.auth.me()).user.handle).toBe('ben')
    expect(browser.given.length, `day ${day}`).toBe(cookies + 1)
    expect(browser.given.at(-1)).toContain(browser.cookieHeader)
    const { expiresAt, endsAt } = await rowOf(browser)
    expect(expiresAt.getTime()).toBeLessThanOrEqual(endsAt.getTime())
  }
  const maxAge = Number(/Max-Age=(\d+)/.exec(browser.given.at(-1) ?? '')?.[1])
  expect(maxAge).toBeLessThanOrEqual(2 * 86_400)
  await age(id, 3)
  expect(await who(browser)).toBeNull()
})

test('the absolute end holds whatever the idle limit says', async () => {
  const browser = await signedIn(app.people.ben)
  const { id } = await rowOf(browser)
  await sql`update sessions set ends_at = clock_timestamp() - interval '1 second',
    expires_at = clock_timestamp() + interval '10 days' where id = ${id}`.execute(app.database.db)
  expect(await who(browser)).toBeNull()
})

test('when a session was last seen is written once a minute at most', async () => {
  const browser = await signedIn(app.people.ben)
  const { id, lastSeenAt } = await rowOf(browser)
  await who(browser)
  expect((await rowOf(browser)).lastSeenAt).toEqual(lastSeenAt)
  await sql`update sessions set last_seen_at = last_seen_at - interval '61 seconds' where id = ${id}`.execute(
    app.database.db,
  )
  await who(browser)
  expect((await rowOf(browser)).lastSeenAt.getTime()).toBeGreaterThanOrEqual(lastSeenAt.getTime())
})

test('a bearer token speaks for its person until it is revoked or its time is over', async () => {
  const browser = await signedIn(app.people.cleo)
  const api = await browser.open()
  const { token, secret } = await api.auth.tokens.create({ name: 'report', days: 1 })
  expect(secret).toMatch(/^skein_[\w-]{43}$/)
  const ask = () => authenticate(app.services.accounts, { authorization: `Bearer ${secret}` })
  const via = { type: 'token', tokenId: token.id }
  expect(await ask()).toMatchObject({ id: app.people.cleo.user.id, via })
  const [listed] = (await api.auth.tokens.list()).tokens
  expect(listed).toMatchObject({ id: token.id, name: 'report' })
  expect(listed?.lastUsedAt).not.toBeNull()

  await sql`update tokens set expires_at = clock_timestamp() where id = ${token.id}`.execute(
    app.database.db,
  )
  await expect(ask()).rejects.toMatchObject({ reason: 'TOKEN_REFUSED' })

  const { token: other, secret: otherSecret } = await api.auth.tokens.create({ name: 'other' })
  const askOther = () =>
    authenticate(app.services.accounts, { authorization: `bearer   ${otherSecret}` })
  expect(await askOther()).not.toBeNull()
  await api.auth.tokens.revoke({ tokenId: other.id })
  await expect(askOther()).rejects.toMatchObject({ reason: 'TOKEN_REFUSED' })
})

test.each(['Bearer skein_wrong', 'Bearer', 'bearer ', 'Bearer a b'])(
  'a bad token (%s) is refused although a good cookie came with it',
  async (authorization) => {
    const { cookieHeader } = await signedIn(app.people.ben)
    expect(await authenticate(app.services.accounts, { cookieHeader })).not.toBeNull()
    const asking = authenticate(app.services.accounts, { cookieHeader, authorization })
    await expect(asking).rejects.toMatchObject({ reason: 'TOKEN_REFUSED', kind: 'UNAUTHORIZED' })
  },
)

test('cookies of others, and headers of a proxy in front, do no harm', async () => {
  const { cookieHeader } = await signedIn(app.people.ben)
  const actor = await authenticate(app.services.accounts, {
    cookieHeader: `broken=%; ${cookieHeader ?? ''}; x`,
    authorization: 'Basic c3RhZ2luZzpwYXNz',
  })
  expect(actor?.id).toBe(app.people.ben.user.id)
})

test('a token cannot make tokens, sign out or stand for a session', async () => {
  const api = await (await signedIn(app.people.cleo)).open()
  const { secret } = await api.auth.tokens.create({ name: 'leaked' })
  const actor = await authenticate(app.services.accounts, { authorization: `Bearer ${secret}` })
  const thief = app.visitor({ actor })
  const refused = { cause: { reason: 'NOT_ALLOWED' } }
  await expect(thief.auth.tokens.create({ name: 'mine' })).rejects.toMatchObject(refused)
  await expect(thief.auth.signOut()).rejects.toMatchObject(refused)
  const { sessions } = await thief.auth.sessions.list()
  expect(sessions.some(({ current }) => current)).toBe(false)
})

test("somebody else's token cannot be revoked", async () => {
  const api = await (await signedIn(app.people.cleo)).open()
  const { token } = await api.auth.tokens.create({ name: 'mine' })
  await expect(app.people.dan.api.auth.tokens.revoke({ tokenId: token.id })).rejects.toMatchObject({
    cause: { reason: 'TOKEN_NOT_FOUND' },
  })
})

test('whoever is deactivated is nobody, whatever is left of their sessions and tokens', async () => {
  const browser = await signedIn(app.people.dan)
  const { secret } = await (await browser.open()).auth.tokens.create({ name: 'left over' })
  const deactivate = (at: Date | null) =>
    app.database.db
      .updateTable('users')
      .set({ deactivatedAt: at })
      .where('id', '=', app.people.dan.user.id)
      .execute()
  const ask = () => authenticate(app.services.accounts, { authorization: `Bearer ${secret}` })
  expect([(await who(browser))?.id, (await ask())?.id]).toEqual(
    Array(2).fill(app.people.dan.user.id),
  )
  await deactivate(new Date())
  expect(await who(browser)).toBeNull()
  await expect(ask()).rejects.toMatchObject({ reason: 'TOKEN_REFUSED' })
  await deactivate(null)
})

describe('when many come back at once', () => {
  /** The app's accounts on a pool of their own that counts its statements. */
  function counted() {
    const statements: string[] = []
    const { db } = connect({
      url: app.database.url,
      log: (event) => void statements.push(event.query.sql),
    })
    return { accounts: createAccounts(db, app.services.env), statements, close: () => db.destroy() }
  }

  test('they are looked up together, each is who they are, and whose session ended is not', async () => {
    const people = Object.values(app.people)
    const browsers = []
    for (let place = 0; place < 12; place++)
      browsers.push({
        person: people[place % 4],
        ...(await signedIn(people[place % 4] ?? app.people.ada)),
      })
    const api = await (await signedIn(app.people.cleo)).open()
    const { secret, token } = await api.auth.tokens.create({ name: 'a bot' })
    const { secret: revoked, token: gone } = await api.auth.tokens.create({ name: 'an old bot' })
    await api.auth.tokens.revoke({ tokenId: gone.id })
    const ended = await rowOf(browsers[5] ?? (await signedIn(app.people.ben)))
    await app.database.db.deleteFrom('sessions').where('id', '=', ended.id).execute()
    await sql`update sessions set last_seen_at = last_seen_at - interval '61 seconds'`.execute(
      app.database.db,
    )

    const { accounts, statements, close } = counted()
    const asking = browsers.flatMap(({ cookieHeader }) => [
      authenticate(accounts, { cookieHeader }),
      authenticate(accounts, { cookieHeader }),
    ])
    const tokens = [secret, revoked, secret].map((each) =>
      authenticate(accounts, { authorization: `Bearer ${each}` }).catch(
        (error: unknown) => error instanceof AppError && error.reason,
      ),
    )
    const actors = await Promise.all(asking)
    for (const [place, { person }] of browsers.entries())
      for (const actor of actors.slice(place * 2, place * 2 + 2))
        expect(actor?.id).toBe(place === 5 ? undefined : person?.user.id)
    expect(await Promise.all(tokens)).toEqual([
      expect.objectContaining({
        id: app.people.cleo.user.id,
        via: { type: 'token', tokenId: token.id },
      }),
      'TOKEN_REFUSED',
      expect.objectContaining({ id: app.people.cleo.user.id }),
    ])
    // Sessions and tokens, looked up and marked as seen.
    expect(statements).toHaveLength(4)
    for (const [place, browser] of browsers.entries())
      if (place !== 5)
        expect(Date.now() - (await rowOf(browser)).lastSeenAt.getTime()).toBeLessThan(30_000)
    await close()
  })

  test('who asks while others are being looked up is answered by what is true then', async () => {
    const browser = await signedIn(app.people.dan)
    // Nobody was looked up just now, for whom the next ones would gather.
    await sleep(50)
    const before = who(browser)
    // Let the statement go out.
    await new Promise((resolve) => setImmediate(resolve))
    const { id } = await rowOf(browser)
    await app.database.db.deleteFrom('sessions').where('id', '=', id).execute()
    expect(await who(browser)).toBeNull()
    expect(await before).not.toBeNull()
  })
})
