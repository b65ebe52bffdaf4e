import { expect, test } from 'vitest'
import { findMentions } from './mentions.ts'

test.each([
  ['@ada', ['ada']],
  ['Morning @Ada and @ben-k, and @ada again', ['ada', 'ben-k']],
  ['(@ada) "@ben" @cleo, @dan.', ['ada', 'ben', 'cleo', 'dan']],
  ['@ada.lovelace is not @ada', ['ada.lovelace', 'ada']],
  ['שלום @ada מה שלומך', ['ada']],
  ['你好@ada请看', ['ada']],
  ['a line\n@ada another', ['ada']],
  ['**@ada** _@ben_', ['ada', 'ben']],
  ['🎈@ada', ['ada']],
])('%s calls %j', (text, handles) => {
  expect(findMentions(text)).toEqual(handles)
})

test.each([
  'write to ada@example.org',
  'or to josé@example.org',
  '@adaé',
  'https://example.org/@ada',
  '@@ada',
  '@',
  '@-ada',
  '`@ada`',
  'before\n```py\n@ada\ndef f(): pass\n```\nafter',
  'an unclosed fence\n~~~\n@ada',
  `@${'a'.repeat(31)}`,
])('%s calls nobody', (text) => {
  expect(findMentions(text)).toEqual([])
})

test('an apostrophe of code that never closes does not hide who is called after it', () => {
  expect(findMentions("it's 5` long, @ada")).toEqual(['ada'])
})

test('a message of the greatest length full of marks is read in a blink', () => {
  const started = performance.now()
  for (const text of [
    '`'.repeat(10_000),
    '@'.repeat(10_000),
    '`a'.repeat(5_000),
    '```\n'.repeat(2_500),
    '~~~`'.repeat(2_500),
  ])
    findMentions(text)
  expect(performance.now() - started).toBeLessThan(500)
})
