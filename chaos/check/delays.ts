import { entitlementOf } from './entitlement.ts'
import type { ClientRecord, History } from './history.ts'
import { placeOf } from './place-of.ts'

/** Milliseconds from the commit of a fact until a client had it. */
export interface Delivery {
  committedAt: number
  delay: number
}

/** Each fact and each client that had to see it: how long it took. What never came is the checker's to say. */
export function deliveriesOf(history: History, clients: readonly ClientRecord[]): Delivery[] {
  return clients.flatMap((client) => {
    const seenAt = firstSights(client)
    return owedTo(client, history).flatMap(({ place, at }) => {
      const seen = seenAt.get(place)
      return seen === undefined ? [] : [{ committedAt: at, delay: Math.max(0, seen - at) }]
    })
  })
}

/**
 * Milliseconds from `from` until the client had everything that had been committed by `until`: Infinity when
 * something never came.
 */
export function timeToHave(
  client: ClientRecord,
  history: History,
  { from, until }: { from: number; until: number },
): number {
  const seenAt = firstSights(client)
  const times = owedTo(client, history)
    .filter(({ at }) => at <= until)
    .map(({ place }) => seenAt.get(place) ?? Infinity)
  return times.reduce((latest, time) => Math.max(latest, time), from) - from
}

function firstSights({ sights }: ClientRecord): Map<string, number> {
  const seenAt = new Map<string, number>()
  for (const sight of sights) {
    const place = placeOf(sight)
    if (!seenAt.has(place)) seenAt.set(place, sight.at)
  }
  return seenAt
}

function owedTo({ userId, since }: ClientRecord, history: History) {
  const entitlement = entitlementOf(userId, history)
  return history.facts
    .filter(({ stream, seq }) => seq > (since.get(stream) ?? Infinity))
    .filter(({ stream, seq }) => entitlement.must(stream, seq))
    .map((fact) => ({ place: placeOf(fact), at: fact.at }))
}

/** The value below which this part of them lies (0.99: all but the worst in a hundred); NaN when there are none. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? NaN
}
