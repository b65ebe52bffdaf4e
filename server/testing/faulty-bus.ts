import type { Bus } from '../bus/bus.ts'

/** What happens to a signal on its way: lost, or delivered after each of these delays (two make it double). */
export type Fate = (data: string) => number[]

/** A network that loses, doubles and delays what a real bus carries. */
export function makeFaulty(bus: Bus, fate: Fate): Bus {
  return {
    get connected() {
      return bus.connected
    },
    publish(subject, data) {
      for (const delay of fate(data)) setTimeout(() => bus.publish(subject, data), delay)
    },
    onLost: (listener) => bus.onLost(listener),
    subscribe: (subject, handler) => bus.subscribe(subject, handler),
    close: () => bus.close(),
  }
}
