/**
 * Facts become what is on screen: a pure function, without a clock, a network or a framework.
 *
 * Every event has a place, `(stream, seq)`, without gaps. What was seen before is dropped; what comes before its
 * turn is held until its turn comes. While anything is held the cursor stands still, so that resuming from
 * `state.cursor` always brings what is missing. A hole that stays means: load the page again (`holesOf`).
 */
import type { LogEvent } from '../server/events.ts'
import type { Message } from '../server/features/messages/messages.schema.ts'
import type { MyThread } from '../server/features/threads/threads.schema.ts'
import { applyEvent, movedTo } from './apply-event.ts'
import { advanceTimeline, joinPage, settleMessage, type Timeline } from './timeline.ts'

/** What one delivery of `events.stream` carries. */
export interface Item {
  readonly cursor: string
  readonly events: readonly LogEvent[]
}

/** Everything a client knows live. Plain data: it can be stored, compared and sent. */
export interface Live {
  readonly viewer: { readonly id: string; readonly handle: string }
  /** Resume from here. Null before the first item. */
  readonly cursor: string | null
  /** Per stream, the seq up to which every event was applied. */
  readonly heads: Readonly<Record<string, number>>
  /** Per stream, events that arrived before their turn, in order. */
  readonly held: Readonly<Record<string, readonly LogEvent[]>>
  /** Per thread, its newest events: a page that was read a little earlier catches up with them. */
  readonly recent: Readonly<Record<string, readonly LogEvent[]>>
  readonly threads: Readonly<Record<string, MyThread>>
  readonly timelines: Readonly<Record<string, Timeline>>
  /** Threads of which an event told too little: ask `threads.get`, then call `withThread`. */
  readonly stale: readonly string[]
  /** What the latest item added, in the order in which it was applied. */
  readonly applied: readonly LogEvent[]
}

/** A stretch of a stream that is missing: `after < seq < before`. */
export interface Hole {
  readonly stream: string
  readonly after: number
  readonly before: number
}

const recentLimit = 200

/** The state of somebody who has loaded nothing yet. `cursor` was asked for before anything was read. */
export function emptyLive(viewer: Live['viewer'], cursor: string | null): Live {
  return {
    viewer: { id: viewer.id, handle: viewer.handle },
    cursor,
    heads: {},
    held: {},
    recent: {},
    threads: {},
    timelines: {},
    stale: [],
    applied: [],
  }
}

/** The next state. An item that was seen before, or in part, adds only what is new. */
export function fold(live: Live, item: Item): Live {
  const next = item.events.reduce(take, { ...live, applied: [] })
  return Object.keys(next.held).length > 0 ? next : { ...next, cursor: item.cursor }
}

/** What is missing before held events can be applied. */
export function holesOf(live: Live): Hole[] {
  return Object.entries(live.held).flatMap(([stream, [first]]) =>
    first ? [{ stream, after: live.heads[stream] ?? 0, before: first.seq }] : [],
  )
}

/** Threads whose loaded messages do not show every event that was applied: load their page again. */
export function threadsBehind(live: Live): string[] {
  return Object.entries(live.timelines).flatMap(([threadId, timeline]) =>
    timeline.head < (live.heads[threadId] ?? 0) ? [threadId] : [],
  )
}

function take(live: Live, event: LogEvent): Live {
  const head = live.heads[event.stream]
  // The first event of a stream that no page has read says where the stream begins for us.
  if (head !== undefined && event.seq <= head) return advanceOnly(live, event)
  if (head !== undefined && event.seq > head + 1) return hold(live, event)
  const next = release(apply(live, event), event.stream)
  if (event.type !== 'participation.started') return next
  return beginAt(next, event.payload.thread.id, event.payload.joinedSeq)
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

/** The viewer sees a thread from `seq` on; what was said while they were not in it is no hole. */
function beginAt(live: Live, stream: string, seq: number): Live {
  const head = Math.max(live.heads[stream] ?? 0, seq - 1)
  return release({ ...live, heads: { ...live.heads, [stream]: head } }, stream)
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

function hold(live: Live, event: LogEvent): Live {
  const held = live.held[event.stream] ?? []
  if (held.some((each) => each.seq === event.seq)) return live
  const queue = [...held, event].sort((a, b) => a.seq - b.seq)
  return { ...live, held: { ...live.held, [event.stream]: queue } }
}

/** Applies held events whose turn has come. */
function release(live: Live, stream: string): Live {
  const { [stream]: queue, ...held } = live.held
  if (!queue) return live
  return queue.reduce(take, { ...live, held })
}

/** Takes a thread as the server reads it now; of two readings the later one stays. */
export function withThread(live: Live, thread: MyThread): Live {
  const known = live.threads[thread.id]
  const applied = live.heads[thread.id] ?? 0
  // Read before events that were applied here: right about the past, so ask again if nothing better is known.
  if (thread.head < applied) {
    return known ? live : { ...live, threads: { ...live.threads, [thread.id]: thread } }
  }
  return release(
    {
      ...live,
      heads: { ...live.heads, [thread.id]: thread.head },
      threads: { ...live.threads, [thread.id]: thread },
      stale: live.stale.filter((id) => id !== thread.id),
    },
    thread.id,
  )
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
