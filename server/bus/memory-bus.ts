import type { Bus } from './bus.ts'

type Handler = (data: string, subject: string) => void
interface Member {
  subscriptions: Set<{ pattern: readonly string[]; handler: Handler }>
}

/** Buses in one process that hear each other. A single instance is alone on its own. */
export type MemoryNetwork = Set<Member>

/** The bus of a deployment without NATS; several on one network stand for several instances in tests. */
export function createMemoryBus(network: MemoryNetwork = new Set()): Bus {
  const self: Member = { subscriptions: new Set() }
  network.add(self)
  return {
    connected: true,
    onLost: () => () => undefined,
    publish(subject, data) {
      const parts = subject.split('.')
      for (const member of network) {
        if (member === self) continue
        for (const { pattern, handler } of member.subscriptions)
          if (matches(pattern, parts)) setImmediate(handler, data, subject)
      }
    },
    subscribe(subject, handler) {
      const subscription = { pattern: subject.split('.'), handler }
      self.subscriptions.add(subscription)
      return () => self.subscriptions.delete(subscription)
    },
    close() {
      network.delete(self)
      self.subscriptions.clear()
      return Promise.resolve()
    },
  }
}

function matches(pattern: readonly string[], subject: readonly string[]): boolean {
  for (const [i, part] of pattern.entries()) {
    if (part === '>') return subject.length > i
    if (part !== '*' && part !== subject[i]) return false
  }
  return pattern.length === subject.length
}
