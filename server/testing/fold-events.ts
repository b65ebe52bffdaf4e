/**
 * An oracle, written apart from the client's fold and simpler: state before + events = state after. It handles every
 * type of the catalogue, so a new one does not compile until it is said here what it means.
 */
import { findMentions } from '../../client/mentions.ts'
import type { LogEvent } from '../events.ts'
import type { Person } from '../features/people/people.schema.ts'
import type { Thread } from '../features/threads/threads.schema.ts'
import type { PublicState, ThreadState } from './public-state.ts'

/** The next state, and which threads began in it: of those, what was before `joinedSeq` is loaded, not told. */
export interface Folded {
  state: PublicState
  began: Record<string, number>
}

/** Applies what a person may see of the events, which come in the order in which they were written. */
export function foldEvents(before: PublicState, events: readonly LogEvent[]): Folded {
  const state = structuredClone(before)
  const began: Folded['began'] = {}
  for (const event of events) {
    apply(state, event)
    if (event.type === 'participation.started' && event.stream === state.self.id) {
      const { thread, joinedSeq } = event.payload
      began[thread.id] = joinedSeq
      // As the hub does it: from joinedSeq on, also what was written just before this event.
      for (const told of events) {
        if (told === event) break
        if (told.stream === thread.id && told.seq >= joinedSeq) apply(state, told)
      }
    }
  }
  for (const thread of Object.values(state.threads)) count(state, thread)
  for (const thread of Object.values(state.open)) thread.joined = thread.id in state.threads
  return { state, began }
}

function apply(state: PublicState, event: LogEvent): void {
  const thread = state.threads[event.stream]
  if (thread) thread.mine.head = event.seq
  switch (event.type) {
    case 'thread.created':
    case 'thread.updated':
    case 'thread.archived':
    case 'thread.restored':
      if (thread) Object.assign(thread.mine, event.payload.thread)
      return
    case 'participant.joined':
    case 'participant.role-changed':
      if (thread) present(state, thread, event.payload.participant)
      return
    case 'participant.left':
      if (thread) Reflect.deleteProperty(thread.participants, event.payload.userId)
      return
    case 'message.posted':
      if (thread) thread.mine.lastMessage = event.payload.message
      if (thread) thread.messages[event.payload.message.id] = event.payload.message
      return
    case 'message.edited':
    case 'message.deleted':
      if (!thread) return
      thread.messages[event.payload.message.id] = event.payload.message
      if (thread.mine.lastMessage?.id === event.payload.message.id)
        thread.mine.lastMessage = event.payload.message
      return
    case 'participation.started':
      if (event.stream === state.self.id)
        begin(state, event.payload.thread, event.payload.joinedSeq)
      return
    case 'participation.ended':
      if (event.stream === state.self.id)
        Reflect.deleteProperty(state.threads, event.payload.threadId)
      return
    case 'read-position.moved': {
      const read = state.threads[event.payload.threadId]
      if (read && event.stream === state.self.id) read.mine.readSeq = event.payload.seq
      return
    }
    case 'open-thread.listed':
      state.open[event.payload.thread.id] = { ...event.payload.thread, joined: false }
      return
    case 'open-thread.unlisted':
      Reflect.deleteProperty(state.open, event.payload.threadId)
      return
    case 'person.joined':
    case 'person.updated':
      rename(state, event.payload.person)
      return
    case 'server.updated':
      state.server = event.payload.server
      return
    case 'session.ended':
    case 'token.revoked':
      return
  }
}

function begin(state: PublicState, thread: Thread, joinedSeq: number): void {
  const mine = {
    ...thread,
    head: joinedSeq,
    readSeq: joinedSeq,
    unread: 0,
    mentions: 0,
    lastMessage: null,
    role: 'member' as const,
    people: [],
  }
  state.threads[thread.id] = { mine, participants: {}, messages: {} }
}

function present(
  state: PublicState,
  { mine, participants }: ThreadState,
  participant: Extract<LogEvent, { type: 'participant.joined' }>['payload']['participant'],
): void {
  const { id } = participant.person
  const person = state.people[id]
  if (!person) throw new Error('somebody joined of whom nobody was told')
  participants[id] = { ...participant, person }
  if (id === state.self.id) mine.role = participant.role
  if (mine.kind === 'direct' && !mine.people.some((one) => one.id === id))
    mine.people = [...mine.people, participant.person].sort((a, b) => (a.id < b.id ? -1 : 1))
}

function rename(state: PublicState, person: Person): void {
  const { id, kind, name, handle } = person
  const author = { id, kind, name, handle }
  state.people[id] = person
  if (state.self.id === id) Object.assign(state.self, person)
  for (const { mine, participants, messages } of Object.values(state.threads)) {
    for (const message of [...Object.values(messages), mine.lastMessage])
      if (message?.author.id === id) message.author = author
    mine.people = mine.people.map((one) => (one.id === id ? author : one))
    const participant = participants[id]
    if (participant) participant.person = person
  }
}

/** Unread is what others said after the read position and did not take back. */
function count(state: PublicState, { mine, messages }: ThreadState): void {
  const unread = Object.values(messages).filter(
    (message) =>
      message.seq > mine.readSeq &&
      message.author.id !== state.self.id &&
      message.deletedAt === null,
  )
  mine.unread = unread.length
  mine.mentions = unread.filter((message) =>
    findMentions(message.text).includes(state.self.handle),
  ).length
}
