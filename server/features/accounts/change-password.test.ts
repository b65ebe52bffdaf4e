import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { sql } from 'kysely'
import type { CarriedEvent } from '../../log/carried-event.ts'
import { testPassword } from '../../testing/factories.ts'
import { createTestApp, type TestApp } from '../../testing/test-app.ts'
import { createBrowser, type TestBrowser } from '../../testing/test-browser.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp({ instances: 2 })
})
afterAll(() => app.close())
beforeEach(() => app.database.db.deleteFrom('rateLimits').execute())

async function signedIn(handle: string, password = testPassword): Promise<TestBrowser> {
  const browser = createBrowser(app.services)
  await (await browser.open()).auth.signIn({ email: `${handle}@example.org`, password })
  return browser
}

const isIn = async (browser: TestBrowser) =>
  (await browser.open()).auth.me().then(
    () => true,
    () => false,
  )

/** What another instance hears on a person's stream. */
async function listenFar(personId: string): Promise<{ sessions: string[]; stop: () => void }> {
  const sessions: string[] = []
  const far = app.instances[1]
  if (!far) throw new Error('there are two instances')
  const listener = {
    hear({ event }: CarriedEvent) {
      if (event.type === 'session.ended') sessions.push(event.payload.sessionId)
    },
  }
  await far.hub.watch(personId, listener).ready
  return { sessions, stop: () => far.hub.unwatch(personId, listener) }
}

test('a new password ends all other sessions, on every instance, and the old one is of no more use', async () => {
  const [here, phone, laptop] = [
    await signedIn('ben'),
    await signedIn('ben'),
    await signedIn('ben'),
  ]
  expect(await Promise.all([here, phone, laptop].map(isIn))).toEqual([true, true, true])
  const { sessions } = await (await here.open()).auth.sessions.list()
  const others = sessions.filter(({ current }) => !current).map(({ id }) => id)
  const heard = await listenFar(app.people.ben.user.id)

  const next = 'five herons by the river'
  await (
    await here.open()
  ).auth.changePassword({ currentPassword: testPassword, newPassword: next })
  expect(await Promise.all([here, phone, laptop].map(isIn))).toEqual([true, false, false])
  await expect(signedIn('ben')).rejects.toMatchObject({ cause: { reason: 'SIGN_IN_REFUSED' } })
  await expect(signedIn('ben', next)).resolves.toBeDefined()

  await expect.poll(() => heard.sessions.toSorted()).toEqual(others.toSorted())
  heard.stop()
})

test('it takes the current password, and wrong ones count as sign-ins do', async () => {
  const browser = await signedIn('cleo')
  const api = await browser.open()
  const change = (currentPassword: string) =>
    api.auth.changePassword({ currentPassword, newPassword: 'five herons by the river' })
  for (let i = 0; i < 10; i++)
    await expect(change('a wrong one')).rejects.toMatchObject({
      cause: { reason: 'PASSWORD_WRONG' },
    })
  await expect(change(testPassword)).rejects.toMatchObject({ cause: { reason: 'RATE_LIMITED' } })
  await expect(signedIn('cleo')).rejects.toMatchObject({ cause: { reason: 'RATE_LIMITED' } })
  expect(await isIn(browser)).toBe(true)
})

test('a common password is no new password', async () => {
  const api = await (await signedIn('cleo')).open()
  for (const newPassword of ['password123', 'cleo@example.org'])
    await expect(
      api.auth.changePassword({ currentPassword: testPassword, newPassword }),
    ).rejects.toMatchObject({ cause: { reason: 'PASSWORD_TOO_COMMON' } })
})

test('of two changes at once, one counts, and of both browsers one stays signed in', async () => {
  const browsers = [await signedIn('dan'), await signedIn('dan')]
  const words = ['five herons by the river', 'six swallows in the barn']
  const answers = await Promise.allSettled(
    browsers.map(async (browser, i) =>
      (await browser.open()).auth.changePassword({
        currentPassword: testPassword,
        newPassword: words[i] ?? '',
      }),
    ),
  )
  expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  const winner = answers.findIndex(({ status }) => status === 'fulfilled')
  expect(await Promise.all(browsers.map(isIn))).toEqual([winner === 0, winner === 1])
  await expect(signedIn('dan', words[winner])).resolves.toBeDefined()
})

test('a sign-in with the old password that is under way while it is changed gives no session', async () => {
  const { ada } = app.people
  const api = await (await signedIn('ada')).open()
  const late = createBrowser(app.services)
  const lateApi = await late.open()
  // The person's row is held, so that the sign-in has found the password right and waits at its last step.
  let signingIn: Promise<unknown> = Promise.resolve()
  await app.database.db.transaction().execute(async (trx) => {
    await trx.selectFrom('users').select('id').where('id', '=', ada.user.id).forUpdate().execute()
    signingIn = lateApi.auth
      .signIn({ email: 'ada@example.org', password: testPassword })
      .catch((error: unknown) => error)
    await expect
      .poll(async () => {
        const { rows } = await sql<{ waiting: boolean }>`select exists (select from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock') as waiting`.execute(trx)
        return rows[0]?.waiting
      })
      .toBe(true)
    expect(late.cookieHeader).toBeNull()
    await trx
      .updateTable('users')
      .set({ passwordHash: 'changed meanwhile' })
      .where('id', '=', ada.user.id)
      .execute()
  })
  expect(await signingIn).toMatchObject({ cause: { reason: 'SIGN_IN_REFUSED' } })
  expect(late.cookieHeader).toBeNull()
  expect((await api.auth.me()).user.handle).toBe('ada')
})

test('one session, all others, or the own one: what is ended is out, and the list says what is left', async () => {
  const handle = 'cleo'
  const [here, phone, laptop] = [
    await signedIn(handle),
    await signedIn(handle),
    await signedIn(handle),
  ]
  const api = await here.open()
  const idOf = async (browser: TestBrowser) => {
    const { sessions } = await (await browser.open()).auth.sessions.list()
    return sessions.find(({ current }) => current)?.id ?? ''
  }
  const phoneId = await idOf(phone)
  const heard = await listenFar(app.people.cleo.user.id)
  const listed = (await api.auth.sessions.list()).sessions
  expect(listed.find(({ id }) => id === phoneId)).toMatchObject({
    current: false,
    userAgent: 'Browser/1.0',
    address: '198.51.100.7',
  })

  await expect(
    app.people.ben.api.auth.sessions.revoke({ sessionId: phoneId }),
  ).rejects.toMatchObject({ cause: { reason: 'SESSION_NOT_FOUND' } })
  expect(await isIn(phone)).toBe(true)

  await api.auth.sessions.revoke({ sessionId: phoneId })
  expect(await Promise.all([here, phone, laptop].map(isIn))).toEqual([true, false, true])
  await expect.poll(() => heard.sessions).toEqual([phoneId])
  await expect(api.auth.sessions.revoke({ sessionId: phoneId })).rejects.toMatchObject({
    cause: { reason: 'SESSION_NOT_FOUND' },
  })

  const hereId = await idOf(here)
  const { revoked } = await api.auth.sessions.revokeOthers()
  expect(revoked).toBe(listed.length - 2)
  expect(await Promise.all([here, phone, laptop].map(isIn))).toEqual([true, false, false])

  await (await here.open()).auth.signOut()
  expect(await isIn(here)).toBe(false)
  await expect.poll(() => heard.sessions).toContain(hereId)
  heard.stop()
})
