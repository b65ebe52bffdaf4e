import { expect, test } from 'vitest'
import { parseFrame } from './wire.ts'

const params = { path: 'messages.send', input: { text: 'Hello' } }
const usual = { id: 1, method: 'mutation', params }

/** What is taken of a frame (the protocol's version says nothing more), or that it is refused. */
function taken(text: string): unknown {
  try {
    return parseFrame(text).map((message) => ({ ...message, jsonrpc: undefined }))
  } catch {
    return 'refused'
  }
}

test('a usual frame is taken as it is', () => {
  expect(parseFrame(JSON.stringify(usual))).toEqual([usual])
})

test.each([
  usual,
  { ...usual, jsonrpc: '2.0' },
  { ...usual, jsonrpc: '1.0' },
  { ...usual, id: 'one' },
  { ...usual, id: 'x'.repeat(101) },
  { ...usual, id: null },
  { ...usual, id: 1.5, more: true, tooLarge: true },
  { ...usual, method: 'query' },
  { ...usual, method: 'subscription' },
  { ...usual, method: 'subscription.stop' },
  { ...usual, method: 'toString' },
  { ...usual, params: undefined },
  { ...usual, params: null },
  { ...usual, params: [] },
  { ...usual, params: 'messages.send' },
  { ...usual, params: { path: 'messages.list' } },
  { ...usual, params: { path: 1 } },
  { ...usual, params: { path: 'x'.repeat(200) } },
  { ...usual, params: { path: 'x'.repeat(201) } },
  { ...usual, params: { ...params, lastEventId: 'here', more: true } },
  { ...usual, params: { ...params, lastEventId: 7 } },
  { ...usual, params: { ...params, more: true } },
  null,
  7,
  'x',
])('what is seen at a glance is taken as in a list, which the schema looks at: %j', (frame) => {
  const text = JSON.stringify(frame)
  expect(taken(text)).toEqual(taken(`[${text}]`))
})
