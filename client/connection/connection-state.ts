import type { Reason } from '../skein-error.ts'

/**
 * How the client is connected, to be shown. All times are milliseconds of the epoch; `since` says since when the facts
 * are live, or since when they are not.
 *
 * - `connecting`: a try is under way.
 * - `catching-up`: connected; what was missed is being read.
 * - `live`: whatever happens on the server arrives at once.
 * - `offline`: the next try is at `nextTryAt`. With reason `IDLE` nothing is followed, so nothing is tried.
 * - `refused`: the server does not, or no longer, know who this is. Nothing is tried until something is followed anew.
 */
export type ConnectionState =
  | { readonly type: 'connecting' | 'catching-up' | 'live'; readonly since: number }
  | {
      readonly type: 'offline'
      readonly reason: Reason | 'IDLE'
      /** For people. */
      readonly message: string
      readonly since: number
      readonly nextTryAt: number | null
    }
  | {
      readonly type: 'refused'
      readonly reason: Reason
      /** For people. */
      readonly message: string
      readonly since: number
    }

/** The connection as an external store: made for React's `useSyncExternalStore`, useful to anyone. */
export interface ConnectionView {
  /** The state of the moment; the same object until it changes. */
  readonly getSnapshot: () => ConnectionState
  /** @returns ends it */
  readonly subscribe: (listener: () => void) => () => void
  /** Somebody does not want to wait: the next try is made now. */
  readonly retryNow: () => void
  /** The device says that its network is gone: no need to wait until the silence is noticed. */
  readonly doubt: () => void
}

/** Keeps one state, and tells of changes only. */
export class ConnectionStates {
  #state: ConnectionState
  readonly #listeners = new Set<() => void>()
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
    this.#state = idle(now())
  }

  get current(): ConnectionState {
    return this.#state
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** @param next without `since`, which goes on while the state is as live as it was */
  change(next: Stateless): void {
    const before = this.#state
    const isSameSide = (before.type === 'live') === (next.type === 'live') && !isIdle(before)
    const state = { ...next, since: isSameSide ? before.since : this.#now() } as ConnectionState
    if (isSame(before, state)) return
    this.#state = state
    for (const listener of [...this.#listeners]) listener()
  }
}

type WithoutSince<State> = State extends unknown ? Omit<State, 'since'> : never
export type Stateless = WithoutSince<ConnectionState>

/** Nothing is followed. */
export const idleState: Stateless = {
  type: 'offline',
  reason: 'IDLE',
  message: 'Nothing is followed.',
  nextTryAt: null,
}

function idle(since: number): ConnectionState {
  return { ...idleState, since }
}

function isIdle(state: ConnectionState): boolean {
  return state.type === 'offline' && state.reason === 'IDLE'
}

function isSame(a: ConnectionState, b: ConnectionState): boolean {
  const keys = Object.keys(a) as (keyof ConnectionState)[]
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key])
}
