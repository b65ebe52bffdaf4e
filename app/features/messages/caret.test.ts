import { describe, expect, it } from 'vitest'
import { pasteLink, toggleMark, type Selection, type TextEdit } from './caret.ts'

/** `a [b] c`: the brackets are the selection. */
function selection(marked: string): Selection {
  const start = marked.indexOf('⟨')
  const end = marked.indexOf('⟩') - 1
  return { text: marked.replace(/[⟨⟩]/g, ''), start, end }
}

function after({ text }: Selection, edit: TextEdit): string {
  const whole = text.slice(0, edit.from) + edit.insert + text.slice(edit.to)
  return `${whole.slice(0, edit.start)}⟨${whole.slice(edit.start, edit.end)}⟩${whole.slice(edit.end)}`
}

describe('marking text while writing', () => {
  it.each([
    ['say ⟨it⟩ now', 'say **⟨it⟩** now'],
    ['say **⟨it⟩** now', 'say ⟨it⟩ now'],
    ['say ⟨**it**⟩ now', 'say ⟨it⟩ now'],
    ['say ⟨⟩', 'say **⟨⟩**'],
    ['**⟨⟩**', '⟨⟩'],
  ])('%s becomes %s', (before, expected) => {
    const given = selection(before)
    expect(after(given, toggleMark(given, '**'))).toBe(expected)
  })

  it('makes a link of the selection when an address is pasted over it', () => {
    const given = selection('see ⟨the notes⟩.')
    const edit = pasteLink(given, ' https://example.org/a_(b) ')
    expect(edit && after(given, edit)).toBe('see [the notes](https://example.org/a_%28b%29)⟨⟩.')
  })

  it.each([
    ['see ⟨⟩', 'https://example.org'],
    ['see ⟨this⟩', 'not an address'],
    ['see ⟨https://example.com⟩', 'https://example.org'],
    ['see ⟨a [b]⟩', 'https://example.org'],
    ['see ⟨this⟩', 'javascript:alert(1)'],
  ])('leaves %s with %s to the browser', (before, pasted) => {
    expect(pasteLink(selection(before), pasted)).toBeNull()
  })
})
