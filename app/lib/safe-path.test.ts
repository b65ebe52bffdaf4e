import { describe, expect, it } from 'vitest'
import { safePath } from './safe-path.ts'

describe('where somebody is sent after signing in', () => {
  it('is the page they wanted, with its query and its place in it', () => {
    expect(safePath('/threads/1?message=2#3', '/')).toBe('/threads/1?message=2#3')
  })

  it.each([
    'https://evil.example/',
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    ' //evil.example',
    '/.//evil.example',
    '/a/..//evil.example',
    '/%2e//evil.example',
    'javascript:alert(1)',
    'evil.example',
    '',
    null,
    undefined,
    ['/threads'],
  ])('is never another site: %j', (to) => {
    expect(safePath(to, '/threads')).toBe('/threads')
  })

  it('keeps what is escaped escaped', () => {
    expect(safePath('/a%2F%2Fevil.example', '/')).toBe('/a%2F%2Fevil.example')
  })
})
