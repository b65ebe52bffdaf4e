import type { PresenceState } from './presence.schema.ts'

/** A device says that it is there every 25 s; who was not heard for this long is gone. */
export const presenceTtlMs = 60_000

interface Seen {
  activeAt: number
  seenAt: number
  state: PresenceState
}

/** Who is here, from what devices said of themselves. Pure: time comes in, changes go out. */
export class PresenceBoard {
  readonly #seen = new Map<string, Seen>()

  /** @returns the new state when it changed. */
  note(userId: string, active: boolean, now: number): PresenceState | null {
    const seen = this.#seen.get(userId) ?? { activeAt: 0, seenAt: 0, state: 'offline' as const }
    this.#seen.set(userId, seen)
    seen.seenAt = now
    if (active) seen.activeAt = now
    return settle(seen, now)
  }

  /** Who changed by the mere passing of time. */
  expire(now: number): { userId: string; state: PresenceState }[] {
    const changes: { userId: string; state: PresenceState }[] = []
    for (const [userId, seen] of this.#seen) {
      const state = settle(seen, now)
      if (state) changes.push({ userId, state })
      if (seen.state === 'offline') this.#seen.delete(userId)
    }
    return changes
  }

  /** Everyone who is not offline. */
  list(): { userId: string; state: PresenceState }[] {
    return [...this.#seen].map(([userId, { state }]) => ({ userId, state }))
  }
}

function settle(seen: Seen, now: number): PresenceState | null {
  const state =
    now - seen.activeAt < presenceTtlMs
      ? 'online'
      : now - seen.seenAt < presenceTtlMs
        ? 'away'
        : 'offline'
  if (state === seen.state) return null
  seen.state = state
  return state
}
