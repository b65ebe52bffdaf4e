import type { LogEvent } from '../server/events.ts'
import type { Author } from '../server/features/people/people.schema.ts'
import type { Message } from '../server/features/messages/messages.schema.ts'

/** A stretch of one thread's messages without holes, as `messages.list` gives it and events keep it. */
export interface Timeline {
  /** Oldest first. */
  readonly messages: readonly Message[]
  /** Every event of the thread up to this seq is in `messages`. */
  readonly head: number
  readonly hasOlder: boolean
  readonly hasNewer: boolean
}

/** Beyond this many, the end that nobody looks at is let go; paging brings it back. */
export const timelineLimit = 400

/** Applies the thread's next event. One that is not the next changes nothing: the timeline is then behind. */
export function advanceTimeline(timeline: Timeline, event: LogEvent): Timeline {
  if (event.seq !== timeline.head + 1) return timeline
  const next = { ...timeline, head: event.seq }
  switch (event.type) {
    case 'message.posted':
      if (timeline.hasNewer) return next
      return { ...next, messages: putMessage(timeline.messages, event.payload.message) }
    case 'message.edited':
    case 'message.deleted':
      return { ...next, messages: replaceMessage(timeline.messages, event.payload.message) }
    default:
      return next
  }
}

/** The message at its place by seq; a message of the same id is replaced by what was said later. */
function putMessage(messages: readonly Message[], message: Message): readonly Message[] {
  const last = messages.at(-1)
  if (!last || last.seq < message.seq) return [...messages, message]
  const at = messages.findIndex((each) => each.seq >= message.seq)
  if (messages[at]?.id !== message.id) return messages.toSpliced(at, 0, message)
  return isLater(messages[at], message) ? messages : messages.with(at, message)
}

/** The messages with one that the server just answered with, at its place or in place of what it was. */
export function settleMessage(timeline: Timeline, message: Message): readonly Message[] {
  const { messages, hasNewer, hasOlder } = timeline
  if (messages.some((each) => each.id === message.id)) return replaceMessage(messages, message)
  const outside = hasNewer || (hasOlder && message.seq < (messages[0]?.seq ?? 0))
  return outside ? messages : putMessage(messages, message)
}

function replaceMessage(messages: readonly Message[], message: Message): readonly Message[] {
  const at = messages.findIndex((each) => each.id === message.id)
  return at < 0 || isLater(messages[at], message) ? messages : messages.with(at, message)
}

/** Whether `a` already shows more of the message's life than `b`: answers may arrive after later events. */
function isLater(a: Message | undefined, b: Message): boolean {
  if (!a) return false
  if (a.deletedAt !== null || b.deletedAt !== null) return a.deletedAt !== null
  return (a.editedAt ?? '') > (b.editedAt ?? '')
}

/**
 * Joins a page before or after the loaded messages. Events that the timeline has and the page has not are kept:
 * what both hold is taken from whoever read it later.
 */
export function joinPage(timeline: Timeline, page: Timeline, side: 'older' | 'newer'): Timeline {
  const fresher = page.head >= timeline.head ? page : timeline
  const staler = fresher === page ? timeline : page
  const byId = new Map([...staler.messages, ...fresher.messages].map((each) => [each.id, each]))
  const joined = {
    messages: [...byId.values()].sort((a, b) => a.seq - b.seq),
    // The older reading is what can be vouched for as a whole.
    head: Math.min(page.head, timeline.head),
    hasOlder: side === 'older' ? page.hasOlder : timeline.hasOlder,
    hasNewer: side === 'newer' ? page.hasNewer : timeline.hasNewer,
  }
  return trim(joined, side)
}

/** Lets go of the end opposite to where the reader is going. */
function trim(timeline: Timeline, going: 'older' | 'newer'): Timeline {
  const { messages } = timeline
  if (messages.length <= timelineLimit) return timeline
  return going === 'older'
    ? { ...timeline, messages: messages.slice(0, timelineLimit), hasNewer: true }
    : { ...timeline, messages: messages.slice(-timelineLimit), hasOlder: true }
}

/** A person's new name, wherever they wrote. */
export function renameAuthor(timeline: Timeline, author: Author): Timeline {
  if (!timeline.messages.some((each) => each.author.id === author.id)) return timeline
  return {
    ...timeline,
    messages: timeline.messages.map((each) =>
      each.author.id === author.id ? { ...each, author } : each,
    ),
  }
}
