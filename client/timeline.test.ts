import { describe, expect, it } from 'vitest'
import type { Message } from '../server/features/messages/messages.schema.ts'
import {
  advanceTimeline,
  joinPage,
  settleMessage,
  timelineLimit,
  type Timeline,
} from './timeline.ts'

const ben = { id: 'ben', kind: 'person', name: 'Ben', handle: 'ben' } as const

function message(seq: number, more: Partial<Message> = {}): Message {
  return {
    id: `m${seq}`,
    threadId: 'general',
    seq,
    author: ben,
    text: `number ${seq}`,
    at: '2026-11-21T10:00:00.000Z',
    editedAt: null,
    deletedAt: null,
    clientId: `c${seq}`,
    ...more,
  }
}

function stretch(from: number, to: number, more: Partial<Timeline> = {}): Timeline {
  const messages = Array.from({ length: to - from + 1 }, (_, at) => message(from + at))
  return { messages, head: 1_000, hasOlder: true, hasNewer: false, ...more }
}

const seqs = ({ messages }: Pick<Timeline, 'messages'>) => messages.map(({ seq }) => seq)
const edited = (text: string, editedAt: string) => message(5, { text, editedAt })

describe('a stretch of a thread', () => {
  it('grows by pages on both sides, each message once', () => {
    const middle = stretch(40, 60, { hasNewer: true })
    const older = joinPage(middle, stretch(20, 40, { hasOlder: false }), 'older')
    expect(seqs(older)).toEqual(seqs(stretch(20, 60)))
    expect(older).toMatchObject({ hasOlder: false, hasNewer: true })
    const whole = joinPage(older, stretch(60, 70), 'newer')
    expect(seqs(whole)).toEqual(seqs(stretch(20, 70)))
    expect(whole).toMatchObject({ hasOlder: false, hasNewer: false })
  })

  it('lets go of the end that nobody looks at, and knows that there is more of it', () => {
    const full = stretch(501, 500 + timelineLimit)
    const older = joinPage(full, stretch(451, 500), 'older')
    expect(older.messages).toHaveLength(timelineLimit)
    expect(older.messages[0]?.seq).toBe(451)
    expect(older.hasNewer).toBe(true)
    const newer = joinPage(full, stretch(501 + timelineLimit, 550 + timelineLimit), 'newer')
    expect(newer.messages).toHaveLength(timelineLimit)
    expect(newer.messages.at(-1)?.seq).toBe(550 + timelineLimit)
    expect(newer.hasOlder).toBe(true)
  })

  it('takes what both pages hold from the one that was read later', () => {
    const early = { ...stretch(5, 5), head: 10 }
    const late = { ...early, head: 12, messages: [edited('later', '2026-11-21T10:05:00.000Z')] }
    expect(joinPage(early, late, 'older').messages[0]?.text).toBe('later')
    expect(joinPage(late, early, 'older').messages[0]?.text).toBe('later')
  })

  it('is not taken back by an answer that comes after a later event', () => {
    const late = edited('second edit', '2026-11-21T10:09:00.000Z')
    const timeline = { ...stretch(4, 6), messages: [message(4), late, message(6)] }
    const early = edited('first edit', '2026-11-21T10:05:00.000Z')
    expect(settleMessage(timeline, early)[1]).toBe(late)
    const gone = message(5, { text: '', deletedAt: '2026-11-21T10:20:00.000Z' })
    const without = { ...timeline, messages: settleMessage(timeline, gone) }
    expect(without.messages[1]).toBe(gone)
    expect(settleMessage(without, late)[1]).toBe(gone)
  })

  it('takes an answer only where it belongs to what is loaded', () => {
    expect(seqs({ messages: settleMessage(stretch(4, 6), message(7)) })).toEqual([4, 5, 6, 7])
    expect(seqs({ messages: settleMessage(stretch(4, 6), message(2)) })).toEqual([4, 5, 6])
    const past = stretch(4, 6, { hasNewer: true })
    expect(seqs({ messages: settleMessage(past, message(90)) })).toEqual([4, 5, 6])
  })

  it('of the past counts new messages as read on the way, but shows them only when paged to', () => {
    const past = stretch(4, 6, { hasNewer: true, head: 20 })
    const next = advanceTimeline(past, {
      stream: 'general',
      seq: 21,
      type: 'message.posted',
      version: 1,
      at: '2026-11-21T10:00:00.000Z',
      actorId: 'ben',
      payload: { message: message(21) },
    })
    expect(next.head).toBe(21)
    expect(seqs(next)).toEqual([4, 5, 6])
  })
})
