import { describe, expect, it } from 'vitest'
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

  it('changes nothing when a person is as they were', () => {
    const here = { type: 'presence', userId: 'ben', state: 'online' } as const
    const hints = takeHint(noHints, here, 0)
    expect(hints.presence).toEqual({ ben: 'online' })
    expect(takeHint(hints, here, 5)).toBe(hints)
  })
})
