import { expect, test } from 'vitest'
import { createSessionCookie } from './session-cookie.ts'

const inAnHour = () => new Date(Date.now() + 3_600_000)

test('over https the cookie is bound to the host and never leaves https', () => {
  const cookie = createSessionCookie('https://chat.example.org')
  expect(cookie.give('secret', inAnHour())).toMatch(
    /^__Host-skein_session=secret; HttpOnly; Max-Age=3(?:600|599); Path=\/; SameSite=Lax; Secure$/,
  )
})

test('over http the cookie is out of reach of scripts and other sites', () => {
  const cookie = createSessionCookie(undefined)
  expect(cookie.give('secret', inAnHour())).toMatch(
    /^skein_session=secret; HttpOnly; Max-Age=3(?:600|599); Path=\/; SameSite=Lax$/,
  )
  expect(cookie.blank()).toBe('skein_session=; HttpOnly; Max-Age=0; Path=/; SameSite=Lax')
})

test.each([
  ['skein_session=abc', 'abc'],
  ['theme=dark; skein_session=abc; a=b', 'abc'],
  ['a=%; b=%E0%A4%A; skein_session=abc', 'abc'],
  ['theme=dark;skein_session=abc', 'abc'],
  ['skein_session=', null],
  ['skein_sessions=abc', null],
  ['skein_session', null],
  [`skein_session=${'x'.repeat(201)}`, null],
  ['', null],
  [null, null],
])('%s holds %s', (header, secret) => {
  expect(createSessionCookie(undefined).read(header)).toBe(secret)
})

test('a cookie without the prefix is not taken for one over https', () => {
  expect(createSessionCookie('https://chat.example.org').read('skein_session=abc')).toBeNull()
})
