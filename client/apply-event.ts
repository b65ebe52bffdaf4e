import type { LogEvent } from '../server/events.ts'
import type { Author } from '../server/features/people/people.schema.ts'
import type { Message } from '../server/features/messages/messages.schema.ts'
import type { MyThread } from '../server/features/threads/threads.schema.ts'
import type { Live } from './fold.ts'
import { mentions } from './mentions.ts'
import { renameAuthor } from './timeline.ts'

/** The server stops counting here. */
const countingStopsAt = 1_000

/** What an event changes in the list of threads and in people's names. Timelines are advanced before it. */
export function applyEvent(live: Live, event: LogEvent): Live {
  switch (event.type) {
    case 'message.posted':
      return changeThread(live, event, (thread) => posted(live, thread, event.payload.message))
    case 'message.edited':
    case 'message.deleted':
      return changed(live, event, event.payload.message)
    case 'thread.updated':
    case 'thread.archived':
    case 'thread.restored':
      return changeThread(live, event, (thread) => ({ ...thread, ...event.payload.thread }))
    case 'participant.role-changed':
      return changeThread(live, event, (thread) =>
        event.payload.participant.person.id === live.viewer.id
          ? { ...thread, role: event.payload.participant.role }
          : thread,
      )
    case 'participation.started':
      return markStale(live, event.payload.thread.id)
    case 'participation.ended':
      return forgetThread(live, event.payload.threadId)
    case 'read-position.moved':
      return movedTo(live, event.payload.threadId, event.payload.seq)
    case 'person.updated':
      return renamed(live, event.payload.person)
    default:
      return changeThread(live, event, (thread) => thread)
  }
}

/** Every event of a thread moves its head; what it changes beyond that is up to `change`. */
function changeThread(live: Live, event: LogEvent, change: (thread: MyThread) => MyThread): Live {
  const thread = live.threads[event.stream]
  if (!thread) return live
  const next = { ...change(thread), head: Math.max(thread.head, event.seq) }
  return { ...live, threads: { ...live.threads, [thread.id]: next } }
}

function posted(live: Live, thread: MyThread, message: Message): MyThread {
  const lastMessage = message
  if (message.author.id === live.viewer.id || message.seq <= thread.readSeq) {
    return { ...thread, lastMessage }
  }
  const called = mentions(message.text, live.viewer.handle) ? 1 : 0
  return {
    ...thread,
    lastMessage,
    unread: Math.min(thread.unread + 1, countingStopsAt),
    mentions: Math.min(thread.mentions + called, countingStopsAt),
  }
}

/** An unread message that changes may change the counts; the server is asked rather than guessed at. */
function changed(live: Live, event: LogEvent, message: Message): Live {
  const next = changeThread(live, event, (thread) =>
    thread.lastMessage?.id === message.id ? { ...thread, lastMessage: message } : thread,
  )
  const thread = live.threads[event.stream]
  const counted = thread && message.seq > thread.readSeq && message.author.id !== live.viewer.id
  return counted ? markStale(next, thread.id) : next
}

/** What the viewer has read up to; counts follow from it where that can be told. */
export function movedTo(live: Live, threadId: string, seq: number): Live {
  const thread = live.threads[threadId]
  if (!thread) return live
  const unread = countUnread(live, thread, seq)
  const next = {
    ...live,
    threads: { ...live.threads, [threadId]: { ...thread, readSeq: seq, ...unread } },
  }
  return unread ? next : markStale(next, threadId)
}

/** Others' messages after `seq`, where what is loaded is enough to tell. */
function countUnread(
  live: Live,
  thread: MyThread,
  seq: number,
): { unread: number; mentions: number } | undefined {
  if (seq >= (thread.lastMessage?.seq ?? 0)) return { unread: 0, mentions: 0 }
  const timeline = live.timelines[thread.id]
  const first = timeline?.messages[0]?.seq ?? 0
  const whole = timeline && !timeline.hasNewer && timeline.head >= thread.head
  if (!whole || (timeline.hasOlder && first > seq + 1)) return undefined
  const after = timeline.messages.filter(
    (message) =>
      message.seq > seq && message.author.id !== live.viewer.id && message.deletedAt === null,
  )
  const called = after.filter((message) => mentions(message.text, live.viewer.handle))
  return {
    unread: Math.min(after.length, countingStopsAt),
    mentions: Math.min(called.length, countingStopsAt),
  }
}

/** An event told too little of a thread, or something before it is missing. */
export function markStale(live: Live, threadId: string): Live {
  return live.stale.includes(threadId) ? live : { ...live, stale: [...live.stale, threadId] }
}

function forgetThread(live: Live, threadId: string): Live {
  const without = <Value>({ [threadId]: _gone, ...rest }: Readonly<Record<string, Value>>) => rest
  return {
    ...live,
    heads: without(live.heads),
    recent: without(live.recent),
    threads: without(live.threads),
    timelines: without(live.timelines),
    stale: live.stale.filter((id) => id !== threadId),
  }
}

function renamed(live: Live, { id, kind, name, handle }: Author): Live {
  const author = { id, kind, name, handle }
  const swap = (person: Author) => (person.id === id ? author : person)
  return {
    ...live,
    viewer: live.viewer.id === id ? { id, handle } : live.viewer,
    threads: mapValues(live.threads, (thread) => ({
      ...thread,
      people: thread.people.map(swap),
      lastMessage: thread.lastMessage && {
        ...thread.lastMessage,
        author: swap(thread.lastMessage.author),
      },
    })),
    timelines: mapValues(live.timelines, (timeline) => renameAuthor(timeline, author)),
  }
}

function mapValues<Value>(
  record: Readonly<Record<string, Value>>,
  change: (value: Value) => Value,
): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]))
}
