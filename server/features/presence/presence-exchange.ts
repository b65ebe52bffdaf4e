/**
 * Tells the other instances who is connected to this one, and hears the same of them: at most one signal of changes
 * a tick, a sign of life every few seconds, everything only when somebody asks because something was lost. What it
 * costs is the number of instances and of changes, not the number of people or of their signs of life.
 */
import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import type { Bus } from '../../bus/bus.ts'
import { OtherInstances, type Heard } from './other-instances.ts'
import type { OwnDevices } from './own-devices.ts'
import {
  idsIn,
  portion,
  presenceSignal,
  type PresenceSignal,
  type SignalOf,
} from './presence-signals.ts'
import type { PresenceState } from './presence.schema.ts'
import type { PresenceTimes } from './presence-times.ts'

const subject = 'hints.people'

export interface PresenceExchange {
  /** The others' people. */
  readonly others: OtherInstances
  type(userId: string, threadId: string): void
  /** Sends what is due. */
  tick(now: number, changes: Map<string, PresenceState>): void
  /** Says goodbye: others give this one's people a while to come back elsewhere. */
  close(): void
}

export interface PresenceExchangeOptions {
  bus: Bus
  log: Logger
  times: PresenceTimes
  own: OwnDevices
  now: () => number
  onChanged: (userIds: readonly string[]) => void
  /** There is something to do at the next tick. */
  stir: () => void
  onTyping: (heard: SignalOf<'typing'>) => void
}

export function createPresenceExchange(options: PresenceExchangeOptions): PresenceExchange {
  const { bus, log, times, own, now, onChanged, stir, onTyping } = options
  const from = randomUUID()
  const others = new OtherInstances(times)
  const asked = new Set<string>()
  let seq = 0
  let wasConnected = false
  let aliveAt = -Infinity
  let wanted = false

  const publish = (signal: PresenceSignal) => bus.publish(subject, JSON.stringify(signal))

  function take(heard: Heard, of: string): void {
    onChanged(heard.changed)
    if (heard.changed.length > 0) stir()
    if (!heard.ask || asked.has(of)) return
    asked.add(of)
    publish({ kind: 'ask', from, of })
  }

  function sayAlive(): void {
    aliveAt = now()
    publish({ kind: 'alive', from, seq })
  }

  function hear(signal: PresenceSignal): void {
    switch (signal.kind) {
      case 'typing':
        return onTyping(signal)
      case 'changes':
        return take(others.changes(signal, now()), signal.from)
      case 'alive':
        return take(others.alive(signal, now()), signal.from)
      case 'all':
        return take(others.all(signal, now()), signal.from)
      case 'hello':
        return sayAlive()
      case 'ask':
        if (signal.of !== from) return
        wanted = true
        return stir()
      case 'bye':
        return others.bye(signal, now())
    }
  }

  const stopHearing = bus.subscribe(subject, (data) => {
    try {
      hear(presenceSignal.parse(JSON.parse(data)))
    } catch (error) {
      log.warn({ err: error }, 'a hint of another instance could not be read')
    }
  })

  function tellChanges(changes: Map<string, PresenceState>): void {
    if (changes.size === 0) return
    for (const some of portion(changes))
      publish({
        kind: 'changes',
        from,
        seq: ++seq,
        online: idsIn(some, 'online'),
        away: idsIn(some, 'away'),
        offline: idsIn(some, 'offline'),
      })
  }

  function tellAll(): void {
    const portions = portion(own.list())
    for (const [part, some] of portions.entries())
      publish({
        kind: 'all',
        from,
        seq,
        part,
        parts: portions.length,
        online: idsIn(some, 'online'),
        away: idsIn(some, 'away'),
      })
  }

  return {
    others,
    type: (userId, threadId) => publish({ kind: 'typing', userId, threadId }),

    tick(at, changes) {
      asked.clear()
      tellChanges(changes)
      if (wanted) tellAll()
      wanted = false
      if (bus.connected && !wasConnected) publish({ kind: 'hello', from })
      if ((bus.connected && !wasConnected) || at - aliveAt >= times.aliveMs) sayAlive()
      wasConnected = bus.connected
      onChanged(others.expire(at))
    },

    close() {
      stopHearing()
      publish({ kind: 'bye', from })
    },
  }
}
