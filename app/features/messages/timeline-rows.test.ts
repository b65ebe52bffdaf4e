import { describe, expect, it } from 'vitest'
import type { Message } from '../../../server/features/messages/messages.schema.ts'
import { timelineRows, type TimelineInput } from './timeline-rows.ts'

const ada = { id: 'ada', kind: 'person', name: 'Ada', handle: 'ada' } as const
const ben = { id: 'ben', kind: 'person', name: 'Ben', handle: 'ben' } as const

function message(seq: number, at: string, author: Message['author'] = ben): Message {
  return {
    id: `m${seq}`,
    threadId: 'general',
    seq,
    author,
    text: `number ${seq}`,
    at: `2026-11-${at}.000Z`,
    editedAt: null,
    deletedAt: null,
    clientId: `c${seq}`,
  }
}

function shape(input: Partial<TimelineInput>): string[] {
  const rows = timelineRows({
    messages: [],
    pending: [],
    viewer: ada,
    timeZone: 'UTC',
    unreadAfter: null,
    ...input,
  })
  return rows.map((row) =>
    row.type === 'message' ? `${row.continued ? '+' : ''}${row.key}` : row.type,
  )
}

describe('the timeline', () => {
  it('groups what one person says within five minutes', () => {
    const messages = [
      message(1, '21T10:00:00'),
      message(2, '21T10:04:59'),
      message(3, '21T10:10:00'),
      message(4, '21T10:10:01', ada),
      message(5, '21T10:10:02'),
    ]
    expect(shape({ messages })).toEqual(['day', 'm1', '+m2', 'm3', 'mine-c4', 'm5'])
  })

  it('draws the day line where the reader’s own day begins', () => {
    const messages = [message(1, '20T22:59:00'), message(2, '20T23:01:00')]
    expect(shape({ messages })).toEqual(['day', 'm1', '+m2'])
    expect(shape({ messages, timeZone: 'Europe/Berlin' })).toEqual(['day', 'm1', 'day', 'm2'])
  })

  it('draws one line before what others said since the reader was here', () => {
    const messages = [
      message(1, '21T10:00:00'),
      message(2, '21T10:00:10', ada),
      message(3, '21T10:00:20'),
      message(4, '21T10:00:30'),
    ]
    expect(shape({ messages, unreadAfter: 1 })).toEqual([
      'day',
      'm1',
      'mine-c2',
      'new',
      'm3',
      '+m4',
    ])
    expect(shape({ messages, unreadAfter: 4 })).not.toContain('new')
  })

  it('keeps the row of a message that was on its way when the server’s own arrives', () => {
    const pending = [
      {
        clientId: 'c2',
        threadId: 'general',
        text: 'number 2',
        at: '2026-11-21T10:00:10.000Z',
        state: 'sending' as const,
        problem: null,
      },
    ]
    const before = shape({ messages: [message(1, '21T10:00:00', ada)], pending })
    const messages = [message(1, '21T10:00:00', ada), message(2, '21T10:00:10', ada)]
    expect(before).toEqual(['day', 'mine-c1', '+mine-c2'])
    expect(shape({ messages, pending })).toEqual(before)
  })
})
