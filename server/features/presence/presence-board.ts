import type { PresenceHint, PresenceState } from './presence.schema.ts'
import type { PresenceTimes } from './presence-times.ts'

/** What readers were told of everyone, and what to tell them next: of each person at most once in a while. Pure. */
export class PresenceBoard {
  readonly #times: PresenceTimes
  readonly #told = new Map<string, { state: PresenceState; at: number }>()
  /** Who may have changed. */
  readonly #open = new Set<string>()
  #complete: PresenceHint | null = null

  constructor(times: PresenceTimes) {
    this.#times = times
  }

  /** These people may have changed. */
  touch(userIds: Iterable<string>): void {
    for (const id of userIds) this.#open.add(id)
  }

  /** @returns what to tell now of who changed; null when there is nothing. */
  settle(now: number, stateOf: (userId: string) => PresenceState): PresenceHint | null {
    const hint = emptyHint(false)
    for (const id of this.#open) {
      const state = stateOf(id)
      const told = this.#told.get(id)
      const rested = told === undefined || now - told.at >= this.#times.retellMs
      if (state === (told?.state ?? 'offline')) {
        // That somebody was told to be offline is remembered for as long as nothing else may be told of them.
        if (state === 'offline' && !rested) continue
        if (state === 'offline') this.#told.delete(id)
        this.#open.delete(id)
      } else if (rested) {
        this.#told.set(id, { state, at: now })
        hint[state].push(id)
        if (state !== 'offline') this.#open.delete(id)
      }
    }
    if (hint.online.length + hint.away.length + hint.offline.length === 0) return null
    this.#complete = null
    return hint
  }

  /** What a new reader begins with: everyone who is here. One object for all of them, until somebody changes. */
  get complete(): PresenceHint {
    if (this.#complete) return this.#complete
    const hint = emptyHint(true)
    for (const [id, { state }] of this.#told) if (state !== 'offline') hint[state].push(id)
    this.#complete = hint
    return hint
  }
}

export function emptyHint(complete: boolean): PresenceHint {
  return { type: 'presence', complete, online: [], away: [], offline: [] }
}
