import { expect, test } from 'vitest'
import { carry, carryRow, parseCarried, rowToEvent } from './carried-event.ts'

const payload = {
  person: { name: 'Zoë "the" 🧶\n', line: '\u2028' },
  list: [1, null, { deep: true }],
}
const row = {
  streamId: '0191e2a4-0000-7000-8000-000000000001',
  seq: 7,
  type: 'person.updated',
  version: 1,
  actorId: null,
  at: new Date('2026-01-02T03:04:05.678Z'),
}

test('an event is told in the same words, whether it was read from the log or committed here', () => {
  const read = carryRow({ ...row, payload: JSON.stringify(payload) })
  const committed = carry(rowToEvent({ ...row, payload }))
  expect(read.json).toBe(committed.json)
  expect(read.event).toEqual(committed.event)
  const { stream, seq, type } = read
  expect({ stream, seq, type }).toEqual({ stream: row.streamId, seq: 7, type: 'person.updated' })
})

test('a payload is not looked at until somebody asks for the event', () => {
  const broken = carryRow({ ...row, payload: '{' })
  expect(broken.json).toContain('"payload":{')
  expect(() => broken.event).toThrow(SyntaxError)
})

test('what another instance published is what it carried, however it is written', () => {
  const event = rowToEvent({ ...row, payload })
  const { json } = carry(event)
  const { type, seq, ...rest } = event
  for (const written of [
    json,
    JSON.stringify({ type, seq, ...rest }),
    JSON.stringify(event, null, 2),
  ]) {
    const heard = parseCarried(written)
    expect(heard).toMatchObject({ stream: row.streamId, seq: 7, type: 'person.updated' })
    expect(heard?.json).toBe(written)
    expect(heard?.event).toEqual(event)
  }
  const ofTomorrow = JSON.stringify({ ...event, type: 'goose.flown' })
  expect(parseCarried(ofTomorrow)).toMatchObject({ seq: 7, type: 'goose.flown' })
})

test.each([
  '',
  'x',
  'null',
  '[]',
  '{}',
  `{"stream":"${row.streamId}"`,
  `{"stream":"${row.streamId}","seq":7}}`,
  `{"stream":"${row.streamId}","seq":7,"type":"person.updated"`,
  `{"stream":"${row.streamId}","seq":7,"type":"person.updated","payload":{}`,
  `{"stream":"${row.streamId}","seq":,"type":"person.updated","payload":{}}`,
  `{"stream":"${row.streamId}","seq":0x10,"type":"person.updated","payload":{}}`,
  `{"stream":"${row.streamId}","seq":7.5,"type":"person.updated","payload":{}}`,
  `{"stream":"${row.streamId}","seq":1e400,"type":"person.updated","payload":{}}`,
  `{"stream":"${row.streamId}","seq":"7","type":"person.updated","payload":{}}`,
  `{"stream":"${row.streamId}","seq":7,"type":"person.upd`,
  `{"stream":7,"seq":7,"type":"person.updated","payload":{}}`,
])('what is no event is none: %j', (text) => {
  expect(parseCarried(text)).toBeNull()
})
