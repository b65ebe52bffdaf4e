import { describe, expect, it } from 'vitest'
import type { PresenceHint } from '../../../server/features/presence/presence.schema.ts'
import { fadeHints, noHints, stopTyping, takeHint, typingFadesMs } from './hints.ts'

const typing = { type: 'typing', threadId: 'general', userId: 'ben' } as const

describe('who is here and who types', () => {
  it('shows typing until it fades', () => {
    const hints = takeHint(noHints, typing, 1_000)
    expect(fadeHints(hints, 1_000 + typingFadesMs - 1)).toBe(hints)
    expect(fadeHints(hints, 1_000 + typingFadesMs).typing['general']).toEqual({})
  })

  it('keeps somebody who goes on typing', () => {
    const later = takeHint(takeHint(noHints, typing, 1_000), typing, 4_000)
    expect(fadeHints(later, 1_000 + typingFadesMs)).toBe(later)
  })

  it('ends with the message that was typed, for its author alone', () => {
    const both = takeHint(takeHint(noHints, typing, 0), { ...typing, userId: 'chiara' }, 0)
    expect(Object.keys(stopTyping(both, 'general', 'ben').typing['general'] ?? {})).toEqual([
      'chiara',
    ])
    expect(stopTyping(noHints, 'general', 'ben')).toBe(noHints)
  })

  it('takes who changed, and leaves everyone else as they were', () => {
    const before = takeHint(noHints, presence({ online: ['ben', 'cleo'] }), 0)
    const change = presence({ away: ['ben'], offline: ['cleo'], online: ['dan'] })
    const hints = takeHint(before, change, 0)
    expect(hints.presence).toEqual({ ben: 'away', dan: 'online' })
  })

  it('forgets who left unheard, with the list of everyone that a new connection begins with', () => {
    const before = takeHint(noHints, presence({ online: ['ben', 'cleo'] }), 0)
    const everyone = presence({ complete: true, online: ['cleo'], away: ['dan'] })
    expect(takeHint(before, everyone, 0).presence).toEqual({ cleo: 'online', dan: 'away' })
  })
})

function presence(people: Partial<PresenceHint>): PresenceHint {
  return { type: 'presence', complete: false, online: [], away: [], offline: [], ...people }
}
