/** Everything that was sent to one target, and what every subscriber has seen of it. */
import { Histogram } from './histogram.ts'
import { markedText } from './marker.ts'
import { OrderCheck } from './order-check.ts'

interface Sent {
  at: number
  /** Subscribers who lack it yet. */
  missing: number
  everyoneHasIt: () => void
}

export interface Count {
  sent: number
  deliveries: number
  lost: number
  doubled: number
  outOfOrder: number
}

export class Ledger {
  /** Send to seen, of every delivery since it was last replaced. */
  latency = new Histogram()
  deliveries = 0
  /** Dropped by the client's own rule: it had them before a cut. */
  repeats = 0
  readonly #senders: { sent: Sent[]; audience: OrderCheck[] }[] = []
  /** By subscriber, by sender. */
  readonly #checks: Map<number, OrderCheck>[] = []

  /** @returns the number of a new sender, whom these subscribers hear from now on. */
  addSender(subscribers: readonly number[]): number {
    const sender = this.#senders.length
    const audience = subscribers.map((subscriber) => {
      const check = new OrderCheck()
      const checks = (this.#checks[subscriber] ??= new Map<number, OrderCheck>())
      checks.set(sender, check)
      return check
    })
    this.#senders.push({ sent: [], audience })
    return sender
  }

  /** Notes that a message goes out now. @returns its text, and a promise for the moment when everyone has it. */
  post(sender: number): { number: number; text: string; seenByAll: Promise<void> } {
    const log = this.#senders[sender]
    if (!log) throw new Error(`there is no sender ${sender}`)
    const number = log.sent.length
    const text = markedText(sender, number)
    const seenByAll = new Promise<void>((everyoneHasIt) => {
      log.sent.push({ at: performance.now(), missing: log.audience.length, everyoneHasIt })
    })
    return { number, text, seenByAll }
  }

  /** A subscriber saw a message. */
  see(subscriber: number, sender: number, number: number): void {
    const sent = this.#senders[sender]?.sent[number]
    const check = this.#checks[subscriber]?.get(sender)
    if (!sent || !check)
      throw new Error(`${subscriber} saw ${sender}/${number}, which is not theirs`)
    this.deliveries++
    this.latency.add(performance.now() - sent.at)
    if (check.take(number) && --sent.missing === 0) sent.everyoneHasIt()
  }

  /** How many of a sender's messages a subscriber lacks. */
  lacks(subscriber: number, sender: number, sent: number): number {
    return this.#checks[subscriber]?.get(sender)?.lost(sent) ?? 0
  }

  /** Everything so far: what is under way counts as lost. */
  count(): Count {
    const total: Count = {
      sent: 0,
      deliveries: this.deliveries,
      lost: 0,
      doubled: 0,
      outOfOrder: 0,
    }
    for (const { sent, audience } of this.#senders) {
      total.sent += sent.length
      for (const check of audience) {
        total.lost += check.lost(sent.length)
        total.doubled += check.doubled
        total.outOfOrder += check.outOfOrder
      }
    }
    return total
  }
}
