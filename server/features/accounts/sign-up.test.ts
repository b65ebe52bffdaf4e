import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { cookieOf, testPassword } from '../../testing/factories.ts'
import { createEmptyTestApp, createTestApp, type TestApp } from '../../testing/test-app.ts'
import { createBrowser } from '../../testing/test-browser.ts'
import { verifyEvents } from '../../testing/verify-events.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.close())
beforeEach(async () => {
  await app.database.db.deleteFrom('rateLimits').execute()
  await app.people.ada.api.server.update({ signUp: 'open' })
})

let count = 0
function somebody(): { email: string; password: string; name: string; handle: string } {
  const handle = `new${++count}`
  return { email: `${handle}@example.org`, password: testPassword, name: `New ${count}`, handle }
}

const reason = (name: string) => ({ cause: { reason: name } })

test('a newcomer is signed in, in "general", and everyone hears of them', async () => {
  const browser = createBrowser(app.services)
  const api = await browser.open()
  const { ada, ben } = app.people
  const viewers = [ada, ben]
  const input = somebody()
  const events = await verifyEvents({ services: app.services, viewers }, () =>
    api.auth.signUp({ ...input, email: ` ${input.email.toUpperCase()} ` }),
  )
  expect(events.map(({ type }) => type)).toEqual(
    expect.arrayContaining(['person.joined', 'participant.joined', 'participation.started']),
  )
  expect(JSON.stringify(events)).not.toContain(input.email)
  const me = await browser.open()
  const { user } = await me.auth.me()
  expect(user).toMatchObject({ email: input.email, handle: input.handle, role: 'member' })
  const { threads } = await me.threads.list()
  expect(threads.map(({ title }) => title)).toEqual(['general'])
})

test('of two who come first at once, one is the owner, and both are in "general"', async () => {
  const empty = await createEmptyTestApp({ instances: 2 })
  try {
    expect(await empty.visitor().system.info()).toMatchObject({ fresh: true, signUp: 'open' })
    const browsers = empty.instances.flatMap((instance) => [
      createBrowser(instance),
      createBrowser(instance),
    ])
    await Promise.all(
      browsers.map(async (browser) => (await browser.open()).auth.signUp(somebody())),
    )
    const people = await Promise.all(
      browsers.map(async (browser) => {
        const api = await browser.open()
        const [me, mine] = [await api.auth.me(), await api.threads.list()]
        return { role: me.user.role, threads: mine.threads.map(({ title }) => title) }
      }),
    )
    expect(people.map(({ role }) => role).sort()).toEqual(['member', 'member', 'member', 'owner'])
    for (const { threads } of people) expect(threads).toEqual(['general'])
    expect(await empty.visitor().system.info()).toMatchObject({ fresh: false })
  } finally {
    await empty.close()
  }
})

test('of two who want the same handle or address at once, one gets it', async () => {
  const [one, two] = [somebody(), somebody()]
  const same = await Promise.allSettled([
    app.visitor().auth.signUp(one),
    app.visitor().auth.signUp({ ...two, handle: one.handle.toUpperCase() }),
  ])
  expect(same.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect(same.find(({ status }) => status === 'rejected')).toMatchObject({
    reason: { code: 'CONFLICT', cause: { reason: 'HANDLE_TAKEN' } },
  })
})

test('a taken address is refused without a word on why, and after the work of a sign-up', async () => {
  const taken = { ...somebody(), email: 'ben@example.org' }
  const times = { taken: [] as number[], free: [] as number[] }
  let refusal: unknown
  for (let i = 0; i < 3; i++) {
    const start = performance.now()
    await app.visitor().auth.signUp(somebody())
    const between = performance.now()
    refusal = await app
      .visitor()
      .auth.signUp(taken)
      .catch((error: unknown) => error)
    times.free.push(between - start)
    times.taken.push(performance.now() - between)
  }
  expect(refusal).toMatchObject({ code: 'FORBIDDEN', cause: { reason: 'SIGN_UP_REFUSED' } })
  expect(String(refusal)).not.toMatch(/e-?mail|address|taken|exist/i)
  expect(Math.min(...times.taken)).toBeGreaterThan(Math.min(...times.free) * 0.3)
  // A taken handle is named, and says the same whether the address is known or not.
  for (const email of ['ben@example.org', 'nobody@example.org'])
    await expect(
      app.visitor().auth.signUp({ ...taken, email, handle: 'ada' }),
    ).rejects.toMatchObject(reason('HANDLE_TAKEN'))
})

test('one address signs up twenty in an hour', async () => {
  const from = (address: string) => app.visitor({ address }).auth.signUp(somebody())
  for (let i = 0; i < 20; i++) await from(`2001:db8::${i.toString(16)}`)
  await expect(from('2001:db8::ffff')).rejects.toMatchObject({
    code: 'TOO_MANY_REQUESTS',
    cause: { reason: 'RATE_LIMITED' },
  })
  await from('2001:db8:0:1::1')
})

test.each([
  ['a paste of 64 characters', 'aB3$xY9!'.repeat(7) + 'Zz0+?=-~'],
  ['200 characters of many scripts', 'żółw 🐢 קו ж '.repeat(20).slice(0, 200).toWellFormed()],
  ['spaces at both ends, which count', '  four geese over the lake  '],
  ['1024 characters', 'four geese over the lake '.repeat(41).slice(0, 1_024)],
])('a password of %s signs in again, and every character counts', async (_, password) => {
  const input = { ...somebody(), password }
  await app.visitor().auth.signUp(input)
  const signIn = (given: string) =>
    app.visitor({ address: '203.0.113.77' }).auth.signIn({ email: input.email, password: given })
  await expect(signIn(password)).resolves.toMatchObject({ user: { handle: input.handle } })
  const at = Math.min(100, password.length - 1)
  const changed = `${password.slice(0, at)}#${password.slice(at + 1)}`
  for (const other of [changed, password.slice(0, -1), password.trim().slice(0, 1_000) + '.'])
    await expect(signIn(other)).rejects.toMatchObject(reason('SIGN_IN_REFUSED'))
})

test('common and short passwords are refused by name, and cost no attempt', async () => {
  const address = '203.0.113.88'
  for (let i = 0; i < 25; i++)
    await expect(
      app.visitor({ address }).auth.signUp({ ...somebody(), password: 'password123' }),
    ).rejects.toMatchObject({ code: 'BAD_REQUEST', cause: { reason: 'PASSWORD_TOO_COMMON' } })
  await expect(
    app.visitor({ address }).auth.signUp({ ...somebody(), password: 'too short' }),
  ).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  await app.visitor({ address }).auth.signUp(somebody())
})

test('what cannot be stored is refused before it reaches the database', async () => {
  for (const name of ['a\u0000b', 'half \ud83e', 'two\nlines'])
    await expect(app.visitor().auth.signUp({ ...somebody(), name })).rejects.toMatchObject({
      code: 'BAD_REQUEST',
    })
})

test('the cookie is out of reach of scripts', async () => {
  const browser = createBrowser(app.services)
  await (await browser.open()).auth.signUp(somebody())
  const [cookie] = browser.given
  expect(cookie).toMatch(/^skein_session=[\w-]+; HttpOnly; Max-Age=\d+; Path=\/; SameSite=Lax$/)
  expect(cookieOf(cookie ?? '')).toBe(browser.cookieHeader)
})
