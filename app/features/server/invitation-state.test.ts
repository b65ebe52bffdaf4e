import { expect, it } from 'vitest'
import type { Invitation } from '../../../server/features/server/server.schema.ts'
import { invitationState } from './invitation-state.ts'

const now = new Date('2026-11-21T10:00:00.000Z')
const fresh: Invitation = {
  id: '0193f0f0-0000-7000-8000-000000000001',
  note: 'For Ben',
  maxUses: 2,
  uses: 1,
  createdAt: '2026-11-20T10:00:00.000Z',
  expiresAt: '2026-11-21T10:00:01.000Z',
  revokedAt: null,
}

it.each([
  [fresh, 'open'],
  [{ ...fresh, maxUses: null, uses: 900, expiresAt: null }, 'open'],
  [{ ...fresh, uses: 2 }, 'used'],
  [{ ...fresh, expiresAt: '2026-11-21T10:00:00.000Z' }, 'ended'],
  [{ ...fresh, revokedAt: '2026-11-20T11:00:00.000Z', uses: 2 }, 'revoked'],
] as const)('an invitation %j is %s', (invitation, state) => {
  expect(invitationState(invitation, now)).toBe(state)
})
