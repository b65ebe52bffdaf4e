import type { PresenceState } from './presence.schema.ts'
import type { PresenceTimes } from './presence-times.ts'

/** A person and one of their connections, or what else tells their devices apart. */
export interface Device {
  userId: string
  key: string
  /** It is a connection of its own, asked for signs of life; of event streams a line that died is not noticed for long. */
  isProbed: boolean
}

interface Known {
  isProbed: boolean
  /** The latest word of it; null until there was one. */
  active: boolean | null
  saidAt: number
  /** Streams of hints that are open on it: it is there as long as they are, and what is not probed for some minutes. */
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
  note(device: Device, active: boolean, now: number): boolean {
    const known = this.#device(device)
    const isNew = known.active !== active || this.stateOf(device.userId) === 'offline'
    known.active = active
    known.saidAt = now
    // It goes on without a stream: its word is what counts then.
    known.closedAt = null
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

  #device({ userId, key, isProbed }: Device): Known {
    const devices = this.#people.get(userId) ?? new Map<string, Known>()
    this.#people.set(userId, devices)
    const fresh = { isProbed, active: null, saidAt: 0, streams: 0, closedAt: null }
    const known = devices.get(key) ?? fresh
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

  #settleDevice(device: Known, now: number): PresenceState {
    const { isProbed, active, saidAt, streams, closedAt } = device
    if (active === null) return 'offline'
    const { graceMs, saidMs, unprobedMs } = this.#times
    if (closedAt !== null && now - closedAt >= graceMs) return 'offline'
    const fresh = now - saidAt < saidMs
    if (active && fresh) return 'online'
    const isOpen = streams > 0 && (isProbed || now - saidAt < unprobedMs)
    return fresh || isOpen ? 'away' : 'offline'
  }
}
