/**
 * Where a follower stands, and the one rule by which it moves. Pure: no clock, no network.
 *
 * A cursor alone may repeat a little after a resume, so the newest `seq` of every stream is kept beside it: what is not
 * beyond it was handled before. A stream whose numbers jump is missing something, unless it was ours to miss: between
 * leaving a thread and joining it again.
 */
import type { SkeinEvent } from '../contract.ts'
import { type Absence, type Absences, joining, leaving, passed, wereOut } from './absences.ts'

/** What a follower has handled. Plain JSON: keep it whole. */
export interface Position {
  /** Of the server; opaque. */
  readonly cursor: string
  /** Per stream, the seq up to which every event was handled. */
  readonly heads: Readonly<Record<string, number>>
  /** When we were out of which thread. */
  readonly away: Absences
}

/** Where to begin: as kept, or at a cursor that `events.cursor` gave. */
export type StartPosition = Pick<Position, 'cursor'> & Partial<Position>

/** What one delivery of `events.stream` carries. */
export interface Item {
  readonly cursor: string
  readonly events: readonly SkeinEvent[]
}

/** Events to be handled together, and where the follower stands when they are. */
export interface Batch {
  readonly events: readonly SkeinEvent[]
  readonly position: Position
}

/** A stretch of a stream that is missing: `after < seq < before`. */
export interface Hole {
  readonly stream: string
  readonly after: number
  readonly before: number
}

/**
 * What is new in an item, in batches of at most `size`; the last one has the item's cursor, those before it the one
 * from before the item. With a hole the item is not taken at all.
 *
 * @param position null before the first item
 */
export function advance(
  position: Position | null,
  item: Item,
  size: number,
): { batches: Batch[] } | { hole: Hole } {
  const heads = { ...position?.heads }
  let away = position?.away ?? {}
  const batches: Batch[] = []
  let events: SkeinEvent[] = []
  for (const event of item.events) {
    const { stream, seq } = event
    const head = heads[stream]
    if (head !== undefined && seq <= head) continue
    if (head !== undefined && seq > head + 1 && !wereOut(away, stream, head, seq))
      return { hole: { stream, after: head, before: seq } }
    // Without an older cursor an item is one batch: from its own cursor the rest of it would not come again.
    if (position && events.length === size) {
      batches.push({
        events,
        position: { cursor: position.cursor, heads: { ...heads }, away },
      })
      events = []
    }
    heads[stream] = seq
    away = passed(away, stream, head ?? seq - 1, seq)
    away = noteAbsence(event, heads, away)
    events.push(event)
  }
  batches.push({ events, position: { cursor: item.cursor, heads, away } })
  return { batches }
}

/** Streams are read one after the other, so what was said before we left may come after the event that says we left. */
function noteAbsence(
  { type, payload }: SkeinEvent,
  heads: Readonly<Record<string, number>>,
  away: Absences,
): Absences {
  if (type === 'participation.ended') return leaving(away, payload.threadId, payload.leftSeq)
  if (type !== 'participation.started') return away
  const { thread, joinedSeq } = payload
  return joining(away, thread.id, joinedSeq, heads[thread.id] ?? 0)
}

/**
 * Made whole, also as version 0.1 kept it at first: with one absence per thread, not a list.
 *
 * @throws TypeError when it is no position: it comes from outside, whatever its type says
 */
export function positionFrom(start: StartPosition): Position {
  if (!isPosition(start)) throw new TypeError('it is no position')
  const { cursor, heads = {}, away = {} } = start
  const absences = Object.entries<readonly Absence[] | Absence>(away).map(
    ([thread, kept]) => [thread, [kept].flat()] as const,
  )
  return { cursor, heads, away: Object.fromEntries(absences) }
}

function isPosition(start: unknown): boolean {
  const { cursor, heads = {}, away = {} } = (start ?? {}) as Record<string, unknown>
  return typeof cursor === 'string' && isRecord(heads) && isRecord(away)
}

function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A position that goes on behind a hole. */
export function beyond(position: Position, { stream, before }: Hole): Position {
  return { ...position, heads: { ...position.heads, [stream]: before - 1 } }
}
