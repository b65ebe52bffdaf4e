/**
 * Facts become what is on screen: a pure function, without a clock, a network or a framework.
 *
 * Events come from `client.follow`: in order within each stream, each once, without holes. What has no such order are
 * the pages that are read beside them, a little before or after; an event that a page already shows adds nothing, and a
 * page that was read before an event catches up with it.
 */
import type { LogEvent } from '../server/events.ts'
import type { Message } from '../server/features/messages/messages.schema.ts'
import type { MyThread } from '../server/features/threads/threads.schema.ts'
import { applyEvent, markStale, movedTo } from './apply-event.ts'
import { advanceTimeline, joinPage, settleMessage, type Timeline } from './timeline.ts'

/** Everything a client knows live. Plain data: it can be stored, compared and sent. */
export interface Live {
  readonly viewer: { readonly id: string; readonly handle: string }
  /** Per stream, the seq up to which every event is part of this: applied, or read with the list of threads. */
  readonly heads: Readonly<Record<string, number>>
  /** Per thread, its newest events: a page that was read a little earlier catches up with them. */
  readonly recent: Readonly<Record<string, readonly LogEvent[]>>
  readonly threads: Readonly<Record<string, MyThread>>
  readonly timelines: Readonly<Record<string, Timeline>>
  /** Threads of which an event told too little: ask `threads.get`, then call `withThread`. */
  readonly stale: readonly string[]
  /** What the latest events added, in the order in which it was applied. */
  readonly applied: readonly LogEvent[]
}

const recentLimit = 200

/** The state of somebody who has loaded nothing yet. */
export function emptyLive(viewer: Live['viewer']): Live {
  return {
    viewer: { id: viewer.id, handle: viewer.handle },
    heads: {},
    recent: {},
    threads: {},
    timelines: {},
    stale: [],
    applied: [],
  }
}

/** The next state. */
export function fold(live: Live, events: readonly LogEvent[]): Live {
  return events.reduce(take, { ...live, applied: [] })
}

/** Threads whose loaded messages do not show every event that was applied: load their page again. */
export function threadsBehind(live: Live): string[] {
  return Object.entries(live.timelines).flatMap(([threadId, timeline]) =>
    timeline.head < (live.heads[threadId] ?? 0) ? [threadId] : [],
  )
}

function take(live: Live, event: LogEvent): Live {
  const head = live.heads[event.stream]
  if (head === undefined) return apply(live, event)
  if (event.seq <= head) return advanceOnly(live, event)
  const next = apply(live, event)
  // What was read ends before what comes begins: the thread is read again.
  return event.seq > head + 1 && next.threads[event.stream] ? markStale(next, event.stream) : next
}

/** The list of threads was read after this event; the messages may have been read before it. */
function advanceOnly(live: Live, event: LogEvent): Live {
  const timeline = live.timelines[event.stream]
  const next = timeline && advanceTimeline(timeline, event)
  if (!next || next === timeline) return live
  return {
    ...live,
    timelines: { ...live.timelines, [event.stream]: next },
    applied: [...live.applied, event],
  }
}

function apply(live: Live, event: LogEvent): Live {
  const timeline = live.timelines[event.stream]
  const recent = [...(live.recent[event.stream] ?? []), event].slice(-recentLimit)
  return applyEvent(
    {
      ...live,
      heads: { ...live.heads, [event.stream]: event.seq },
      recent: { ...live.recent, [event.stream]: recent },
      timelines: timeline
        ? { ...live.timelines, [event.stream]: advanceTimeline(timeline, event) }
        : live.timelines,
      applied: [...live.applied, event],
    },
    event,
  )
}

/** Takes a thread as the server reads it now; of two readings the later one stays. */
export function withThread(live: Live, thread: MyThread): Live {
  const known = live.threads[thread.id]
  const applied = live.heads[thread.id] ?? 0
  // Read before events that were applied here: right about the past, so ask again if nothing better is known.
  if (thread.head < applied) {
    return known ? live : { ...live, threads: { ...live.threads, [thread.id]: thread } }
  }
  return {
    ...live,
    heads: { ...live.heads, [thread.id]: thread.head },
    threads: { ...live.threads, [thread.id]: thread },
    stale: live.stale.filter((id) => id !== thread.id),
  }
}

/** The whole list of threads as the server reads it now. */
export function withThreads(live: Live, threads: readonly MyThread[]): Live {
  return threads.reduce(withThread, live)
}

/** A page of messages: the first of a thread, or one that joins the loaded ones before or after. */
export function withPage(
  live: Live,
  threadId: string,
  page: Timeline,
  side: 'older' | 'newer' | 'only',
): Live {
  const caughtUp = (live.recent[threadId] ?? []).reduce(advanceTimeline, page)
  const known = live.timelines[threadId]
  const timeline = known && side !== 'only' ? joinPage(known, caughtUp, side) : caughtUp
  return { ...live, timelines: { ...live.timelines, [threadId]: timeline } }
}

/** A message as the server answered with it; its event may come before or after. */
export function withMessage(live: Live, message: Message): Live {
  const timeline = live.timelines[message.threadId]
  if (!timeline) return live
  const messages = settleMessage(timeline, message)
  const timelines = { ...live.timelines, [message.threadId]: { ...timeline, messages } }
  return { ...live, timelines }
}

/** The viewer has seen everything up to `seq`, before the server's own event of it is here. */
export function withReadPosition(live: Live, threadId: string, seq: number): Live {
  return movedTo(live, threadId, seq)
}

/** The thread is not ours to ask for any more. */
export function withoutStale(live: Live, threadId: string): Live {
  return { ...live, stale: live.stale.filter((id) => id !== threadId) }
}

/** Lets go of a thread's messages; opening it again loads them again. */
export function withoutTimeline(live: Live, threadId: string): Live {
  const { [threadId]: _gone, ...timelines } = live.timelines
  return { ...live, timelines }
}
