import { expect, test } from 'vitest'
import { refuseCommonPassword } from './common-passwords.ts'

const known = ['ada.lovelace@example.org', 'ada', 'Ada Lovelace']
const refused = expect.objectContaining({ reason: 'PASSWORD_TOO_COMMON' }) as unknown

test.each([
  'password123',
  'PassWord123',
  'qwertyuiop',
  '1234567890',
  'aaaaaaaaaaaa',
  'abcabcabcabc',
  'passwordpassword',
  'ada.lovelace@example.org',
  'Ada.Lovelace',
  'ADA LOVELACE',
  'adalovelace',
])('%s is refused by name', (password) => {
  expect(() => refuseCommonPassword(password, known)).toThrow(refused)
})

test.each([
  'four geese over the lake',
  'correct horse battery staple',
  'ada lovelace counts',
  'пароль из четырёх слов',
  'x'.repeat(9) + 'y',
])('%s is taken', (password) => {
  expect(() => refuseCommonPassword(password, known)).not.toThrow()
})
