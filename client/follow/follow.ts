import type { SkeinEvent } from '../contract.ts'
import type { Reason } from '../skein-error.ts'
import type { Hole, Position, StartPosition } from './position.ts'

/** Where a position is kept. */
export interface PositionStore {
  /** What was kept last; nothing the first time. */
  load(): Promise<Position | undefined>
  /** Resolves when the position is safe: it is what the follower goes on from after a crash. */
  save(position: Position): Promise<void>
  /** Waits until nobody else follows with this store. @returns lets others in */
  lock?(signal: AbortSignal): Promise<() => void>
}

/** Whether it is a store, and no place to begin at. */
export function isStore(cursor: FollowOptions['cursor']): cursor is PositionStore {
  return typeof cursor === 'object' && 'load' in cursor
}

/** What a call of `onEvents` may want to know beside the events. */
export interface Delivery {
  /** Where the follower stands once these events are handled. */
  readonly position: Position
  /** 1 for the first call with these events. */
  readonly attempt: number
  /** Aborted by `stop`: long work may be broken off by throwing; the events come again the next time. */
  readonly signal: AbortSignal
}

/** Why the position is of no use any more. */
export interface Reset {
  /**
   * - `CURSOR_EPOCH`: the server's history was restored from a backup.
   * - `CURSOR_AHEAD`: the position belongs to a history that is not here (any more).
   * - `CURSOR_UNKNOWN`: the position is not one of this server's.
   * - `HOLE`: numbers are missing in a stream, and the server does not fill them.
   */
  readonly reason: Reason & ('CURSOR_EPOCH' | 'CURSOR_AHEAD' | 'CURSOR_UNKNOWN' | 'HOLE')
  /** For people. */
  readonly message: string
  /** With `HOLE`: what is missing. */
  readonly hole?: Hole
}

/**
 * - `stop`: `done` rejects with the reason. The default.
 * - `now`: begin at this moment.
 * - a position: begin there. Ask `events.cursor`, load what you show, and answer with that cursor.
 * - `skip`: with `HOLE`, go on without what is missing; otherwise the same as `stop`.
 */
export type ResetAnswer = 'stop' | 'now' | 'skip' | StartPosition

/** How to follow. `Effects` is whatever `onEvents` returns. */
export interface FollowOptions<Effects = unknown> {
  /** Where to begin: at this moment, at a position, or where a store says (at this moment, the first time). */
  cursor: 'now' | StartPosition | PositionStore
  /**
   * Handles events: in order within each stream, each once. The position moves when it has finished; when it throws it
   * is called again with the same events.
   */
  onEvents(events: readonly SkeinEvent[], delivery: Delivery): Effects | Promise<Effects>
  /**
   * Keeps the position, in place of the store's `save`. Write the effects and the position at once, in one transaction
   * or one file, and no crash can part them. When it throws it is called again with the same arguments.
   *
   * @param effects what `onEvents` returned; undefined when only the position moved, as it does at the very beginning
   */
  commit?(position: Position, effects: Awaited<Effects> | undefined): void | Promise<void>
  /**
   * The position is of no use any more: what was built from the events must be loaded anew. When it throws it is called
   * again; when its answer is of no use either, after a pause that grows.
   */
  onReset?(reset: Reset): ResetAnswer | Promise<ResetAnswer>
  /** Most events in one call of `onEvents`. @default 100 */
  batch?: number
  /**
   * Calls of an `onEvents`, a `commit` or an `onReset` that throws, with growing pauses, before it ends with an error.
   * @default 5
   */
  attempts?: number
  /** Aborting it is the same as `stop`. */
  signal?: AbortSignal
}

/** A follow under way. */
export interface Following {
  /**
   * Resolves after `stop`. Rejects with a SkeinError when it cannot go on: HANDLER_FAILED, STORE_FAILED,
   * POSITION_MOVED, the reasons of {@link Reset}, CLOSED, and refusals of the server (TOKEN_REFUSED, SESSION_ENDED,
   * NOT_SIGNED_IN, …). Losing the connection is no such reason.
   */
  readonly done: Promise<void>
  /** Everything up to here was handled and kept; null before the server gave the first position. */
  readonly position: Position | null
  /**
   * Ends it when the handler that is running has finished and its position is kept. Never rejects: when the position
   * could not be kept, `done` does, with STORE_FAILED.
   */
  stop(): Promise<void>
}
