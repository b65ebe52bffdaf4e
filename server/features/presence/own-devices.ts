import type { PresenceState } from './presence.schema.ts'
import type { PresenceTimes } from './presence-times.ts'

/** A person and one of their connections, or what else tells their devices apart. */
export interface Device {
  userId: string
  key: string
}

interface Known {
  /** The latest word of it; null until there was one. */
  active: boolean | null
  saidAt: number
  /** Streams of hints that are open on it: it is there as long as they are. */
  streams: number
  /** When its last stream ended; null while one is open, or when there never was one. */
  closedAt: number | null
}

/** The devices that are connected to this instance. Pure: time comes in, changes go out. */
export class OwnDevices {
  readonly #times: PresenceTimes
  readonly #people = new Map<string, Map<string, Known>>()
  readonly #states = new Map<string, 'online' | 'away'>()

  constructor(times: PresenceTimes) {
    this.#times = times
  }

  /** @returns whether it says something new */
  note({ userId, key }: Device, active: boolean, now: number): boolean {
    const device = this.#device({ userId, key })
    const isNew = device.active !== active || this.stateOf(userId) === 'offline'
    device.active = active
    device.saidAt = now
    // It goes on without a stream: its word is what counts then.
    device.closedAt = null
    return isNew
  }

  open(device: Device): void {
    const known = this.#device(device)
    known.streams++
    known.closedAt = null
  }

  close(device: Device, now: number): void {
    const known = this.#device(device)
    known.streams--
    if (known.streams === 0) known.closedAt = now
  }

  stateOf(userId: string): PresenceState {
    return this.#states.get(userId) ?? 'offline'
  }

  /** Everyone who is not offline. */
  list(): Iterable<[userId: string, state: 'online' | 'away']> {
    return this.#states
  }

  /** @returns who changed since the last time, with what they are now. */
  settle(now: number): Map<string, PresenceState> {
    const changes = new Map<string, PresenceState>()
    for (const [userId, devices] of this.#people) {
      const state = this.#settlePerson(devices, now)
      if (devices.size === 0) this.#people.delete(userId)
      if (state === this.stateOf(userId)) continue
      if (state === 'offline') this.#states.delete(userId)
      else this.#states.set(userId, state)
      changes.set(userId, state)
    }
    return changes
  }

  #device({ userId, key }: Device): Known {
    const devices = this.#people.get(userId) ?? new Map<string, Known>()
    this.#people.set(userId, devices)
    const known = devices.get(key) ?? { active: null, saidAt: 0, streams: 0, closedAt: null }
    devices.set(key, known)
    return known
  }

  /** One active device is enough: an idle one beside it hides nothing. */
  #settlePerson(devices: Map<string, Known>, now: number): PresenceState {
    let best: PresenceState = 'offline'
    for (const [key, device] of devices) {
      const state = this.#settleDevice(device, now)
      if (state === 'offline' && device.streams === 0) devices.delete(key)
      if (state === 'online' || best === 'offline') best = state
    }
    return best
  }

  #settleDevice({ active, saidAt, streams, closedAt }: Known, now: number): PresenceState {
    if (active === null) return 'offline'
    const { graceMs, saidMs } = this.#times
    if (closedAt !== null && now - closedAt >= graceMs) return 'offline'
    const fresh = now - saidAt < saidMs
    if (active && fresh) return 'online'
    return fresh || streams > 0 ? 'away' : 'offline'
  }
}
