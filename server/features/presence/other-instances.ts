import type { PresenceState } from './presence.schema.ts'
import type { SignalOf } from './presence-signals.ts'
import type { PresenceTimes } from './presence-times.ts'

type Here = 'online' | 'away'

interface Other {
  heardAt: number
  /** It said goodbye then: its people get a while to come back elsewhere. */
  leftAt: number | null
  /** What it had told when `people` was right; null while that is not known. */
  seq: number | null
  people: Map<string, Here>
  /** All of its people, as far as the parts have come. */
  incoming: { seq: number; parts: number; people: Map<string, Here> } | null
}

/** What was heard makes this necessary: who may have changed, and whether to ask for all of the sender's people. */
export interface Heard {
  changed: readonly string[]
  ask: boolean
}

const nothing: Heard = { changed: [], ask: false }

/**
 * Who is connected to the other instances, as far as they tell. Each numbers its changes: a gap, or a sign of life
 * with another number than the last one heard, shows that something was lost, and all of them are asked for. Pure.
 */
export class OtherInstances {
  readonly #times: PresenceTimes
  readonly #others = new Map<string, Other>()

  constructor(times: PresenceTimes) {
    this.#times = times
  }

  stateOf(userId: string): PresenceState {
    let best: PresenceState = 'offline'
    for (const { people } of this.#others.values()) {
      const state = people.get(userId)
      if (state === 'online') return state
      best = state ?? best
    }
    return best
  }

  changes(signal: SignalOf<'changes'>, now: number): Heard {
    const other = this.#hear(signal.from, now)
    if (other.seq === null || signal.seq > other.seq + 1) return lost(other)
    // Came twice, or late.
    if (signal.seq <= other.seq) return nothing
    other.seq = signal.seq
    for (const id of signal.online) other.people.set(id, 'online')
    for (const id of signal.away) other.people.set(id, 'away')
    for (const id of signal.offline) other.people.delete(id)
    return { changed: [...signal.online, ...signal.away, ...signal.offline], ask: false }
  }

  alive(signal: SignalOf<'alive'>, now: number): Heard {
    const other = this.#hear(signal.from, now)
    return other.seq === signal.seq ? nothing : lost(other)
  }

  all(signal: SignalOf<'all'>, now: number): Heard {
    const other = this.#hear(signal.from, now)
    const { seq, part, parts, online, away } = signal
    if (other.seq !== null && seq <= other.seq) return nothing
    if (part === 0) other.incoming = { seq, parts: 0, people: new Map() }
    const { incoming } = other
    // A part was lost; the next sign of life asks again.
    if (incoming?.seq !== seq || incoming.parts !== part) return nothing
    for (const id of online) incoming.people.set(id, 'online')
    for (const id of away) incoming.people.set(id, 'away')
    incoming.parts++
    if (incoming.parts < parts) return nothing
    const changed = [...other.people.keys(), ...incoming.people.keys()]
    Object.assign(other, { seq, people: incoming.people, incoming: null })
    return { changed, ask: false }
  }

  bye({ from }: SignalOf<'bye'>, now: number): void {
    const other = this.#others.get(from)
    if (other) other.leftAt = now
  }

  /** Lets go of instances that are gone. @returns their people. */
  expire(now: number): string[] {
    const changed: string[] = []
    for (const [from, { heardAt, leftAt, people }] of this.#others) {
      const left = leftAt !== null && now - leftAt >= this.#times.graceMs
      if (!left && now - heardAt < this.#times.silentMs) continue
      this.#others.delete(from)
      changed.push(...people.keys())
    }
    return changed
  }

  #hear(from: string, now: number): Other {
    const other = this.#others.get(from) ?? {
      heardAt: now,
      leftAt: null,
      seq: null,
      people: new Map<string, Here>(),
      incoming: null,
    }
    this.#others.set(from, other)
    other.heardAt = now
    return other
  }
}

/** What is known stays shown until all of it came. */
function lost(other: Other): Heard {
  other.seq = null
  return { changed: [], ask: true }
}
