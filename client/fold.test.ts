import { describe, expect, it } from 'vitest'
import type { LogEvent } from '../server/events.ts'
import type { MyThread } from '../server/features/threads/threads.schema.ts'
import type { Message } from '../server/features/messages/messages.schema.ts'
import { emptyLive, fold, threadsBehind, withPage, withThread, type Live } from './fold.ts'

const ada = { id: 'ada', kind: 'person', name: 'Ada', handle: 'ada' } as const
const ben = { id: 'ben', kind: 'person', name: 'Ben', handle: 'ben' } as const

function message(seq: number, text: string, author: Message['author'] = ben): Message {
  return {
    id: `message-${seq}`,
    threadId: 'general',
    seq,
    author,
    text,
    at: '2026-11-21T10:00:00.000Z',
    editedAt: null,
    deletedAt: null,
    clientId: `client-${seq}`,
  }
}

const place = { stream: 'general', version: 1, at: '2026-11-21T10:00:00.000Z', actorId: 'ben' }

function posted(seq: number, text = `number ${seq}`, author?: Message['author']): LogEvent {
  return { ...place, seq, type: 'message.posted', payload: { message: message(seq, text, author) } }
}

const general: MyThread = {
  id: 'general',
  kind: 'open',
  title: 'General',
  topic: '',
  parentMessageId: null,
  createdBy: 'ada',
  createdAt: '2026-11-21T09:00:00.000Z',
  archivedAt: null,
  head: 4,
  readSeq: 4,
  unread: 0,
  mentions: 0,
  lastMessage: null,
  role: 'member',
  people: [],
}

const page = { messages: [message(4, 'hello')], head: 4, hasOlder: false, hasNewer: false }

function opened(): Live {
  const live = withThread(emptyLive(ada), general)
  return withPage(live, 'general', page, 'only')
}

const texts = (live: Live) => live.timelines['general']?.messages.map((each) => each.text)

describe('a client that follows a thread', () => {
  it('shows what arrives, in order, and counts it as unread', () => {
    const live = fold(opened(), [posted(5), posted(6, 'hey @Ada, look')])
    expect(texts(live)).toEqual(['hello', 'number 5', 'hey @Ada, look'])
    expect(live.threads['general']).toMatchObject({ head: 6, unread: 2, mentions: 1 })
  })

  it('changes nothing when the same item comes again', () => {
    const item = [posted(5), posted(6)]
    const once = fold(opened(), item)
    expect(fold(once, item)).toEqual({ ...once, applied: [] })
  })

  it('asks again for a thread when what it had read ends before what comes begins', () => {
    const torn = fold(opened(), [posted(6)])
    expect(texts(torn)).toEqual(['hello'])
    expect(torn.stale).toEqual(['general'])
    expect(threadsBehind(torn)).toEqual(['general'])

    const five = { messages: [message(4, 'hello'), message(5, 'number 5')], head: 5 }
    const read = withPage(torn, 'general', { ...page, ...five }, 'only')
    expect(texts(read)).toEqual(['hello', 'number 5', 'number 6'])
    expect(threadsBehind(read)).toEqual([])
    expect(fold(opened(), [posted(5), posted(6)]).stale).toEqual([])
  })

  it('does not count its own words as unread', () => {
    const live = fold(opened(), [posted(5, 'mine', ada)])
    expect(live.threads['general']).toMatchObject({ unread: 0, lastMessage: { text: 'mine' } })
  })

  it('brings a page that was read a moment earlier up to date', () => {
    const ahead = fold(withThread(emptyLive(ada), general), [posted(5), posted(6)])
    const live = withPage(ahead, 'general', page, 'only')
    expect(texts(live)).toEqual(['hello', 'number 5', 'number 6'])
    expect(threadsBehind(live)).toEqual([])
  })

  it('knows that a page is behind when the events in between are not at hand', () => {
    const live = withThread(opened(), { ...general, head: 9 })
    expect(threadsBehind(live)).toEqual(['general'])
  })

  it('shows messages that arrive after the list of threads already counted them', () => {
    const ahead = withThread(opened(), { ...general, head: 6, unread: 2 })
    const live = fold(ahead, [posted(5), posted(6)])
    expect(texts(live)).toEqual(['hello', 'number 5', 'number 6'])
    expect(live.threads['general']).toMatchObject({ unread: 2 })
    expect(threadsBehind(live)).toEqual([])
  })

  it('recounts when the read position moves back on another device', () => {
    const three = fold(opened(), [posted(5), posted(6), posted(7)])
    const moved = (seq: number, at: number): LogEvent => ({
      ...place,
      stream: 'ada',
      seq: at,
      type: 'read-position.moved',
      payload: { threadId: 'general', seq },
    })
    const read = fold(three, [moved(7, 1)])
    expect(read.threads['general']).toMatchObject({ unread: 0, readSeq: 7 })
    const unread = fold(read, [moved(5, 2)])
    expect(unread.threads['general']).toMatchObject({ unread: 2, readSeq: 5 })
  })

  it('turns a deleted message into its tombstone and asks again for the counts it was in', () => {
    const live = fold(opened(), [posted(5)])
    const gone = { ...message(5, ''), deletedAt: '2026-11-21T10:01:00.000Z' }
    const after = fold(live, [
      { ...place, seq: 6, type: 'message.deleted', payload: { message: gone } },
    ])
    expect(after.timelines['general']?.messages.at(-1)).toEqual(gone)
    expect(after.stale).toEqual(['general'])
  })

  it('writes a new name wherever the person wrote', () => {
    const { kind, ...rest } = { ...ben, name: 'Benedict' }
    const person = {
      ...rest,
      kind,
      role: 'member' as const,
      title: '',
      timeZone: null,
      status: null,
      createdAt: place.at,
      deactivatedAt: null,
    }
    const live = fold(opened(), [
      { ...place, stream: 'server', seq: 40, type: 'person.updated', payload: { person } },
    ])
    expect(live.timelines['general']?.messages[0]?.author.name).toBe('Benedict')
  })

  it('forgets a thread it has lost, and is not held up by what it missed when it is back', () => {
    const own = { ...place, stream: 'ada' }
    const lost = fold(opened(), [
      {
        ...own,
        seq: 1,
        type: 'participation.ended',
        payload: { threadId: 'general', leftSeq: 5 },
      },
    ])
    expect(lost.threads).toEqual({})
    const straggler = fold(lost, [posted(5)])
    const { head, readSeq, unread, mentions, lastMessage, role, people, ...thread } = general
    const back = fold(straggler, [
      { ...own, seq: 2, type: 'participation.started', payload: { thread, joinedSeq: 30 } },
      posted(30),
      posted(31),
    ])
    expect(back.heads['general']).toBe(31)
    expect(back.stale).toEqual(['general'])
    const mine = { head, readSeq, unread, mentions, lastMessage, role, people }
    const read = withThread(back, { ...thread, ...mine, head: 31 })
    expect(read.stale).toEqual([])
  })
})
