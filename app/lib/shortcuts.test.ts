import { describe, expect, it } from 'vitest'
import { findShortcut, shortcuts, type KeyPress, type ShortcutName } from './shortcuts.ts'

const all = Object.keys(shortcuts) as ShortcutName[]
const press = (key: string, held: Partial<KeyPress> = {}): KeyPress => ({
  key,
  altKey: false,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  ...held,
})

describe('shortcuts', () => {
  it.each([
    [press('ArrowUp', { altKey: true }), 'previousThread'],
    [press('ArrowDown', { altKey: true, shiftKey: true }), 'nextUnread'],
    [press('F6', { shiftKey: true }), 'previousRegion'],
    [press('b', { ctrlKey: true }), 'bold'],
    [press('B', { metaKey: true }), 'bold'],
    [press('/', { ctrlKey: true }), 'showShortcuts'],
    [press('ArrowUp'), 'editLast'],
    [press('b'), undefined],
    [press('b', { ctrlKey: true, shiftKey: true }), undefined],
  ])('%o is %s', (given, name) => {
    expect(findShortcut(given, all)).toBe(name)
  })

  it('never mean two things', () => {
    const shown = all.map((name) => shortcuts[name].keys.join('+'))
    expect(new Set(shown).size).toBe(shown.length)
  })
})
