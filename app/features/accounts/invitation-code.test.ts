import { expect, it } from 'vitest'
import { invitationCode } from './invitation-code.ts'

it.each([
  ['https://talk.example.org/join/AbC-123_x', 'AbC-123_x'],
  ['  http://localhost:3000/join/AbC-123_x?utm=1 ', 'AbC-123_x'],
  ['talk.example.org/join/AbC-123_x/', 'AbC-123_x'],
  ['AbC-123_x', 'AbC-123_x'],
  ['   ', ''],
])('somebody who pastes %j is invited by %j', (pasted, code) => {
  expect(invitationCode(pasted)).toBe(code)
})
