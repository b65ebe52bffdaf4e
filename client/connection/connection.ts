/**
 * One way to the server, opened again for as long as anybody listens. It holds subscriptions, not data: after every
 * loss each is opened anew with the input it has then. When the server asks its clients to go elsewhere, the new line
 * is there before the old one is left.
 */
import { SkeinError } from '../skein-error.ts'
import {
  ConnectionStates,
  idleState,
  type ConnectionState,
  type ConnectionView,
  type Stateless,
} from './connection-state.ts'
import { reconnectDelay } from './delay.ts'
import type { Line, OpenLine } from './line.ts'
import { Seat, type Joined, type Subscription } from './seat.ts'

export interface ConnectionOptions {
  openLine: OpenLine
  now?: () => number
  random?: () => number
}

export class Connection implements ConnectionView {
  readonly #openLine: OpenLine
  readonly #now: () => number
  readonly #random: () => number
  readonly #states: ConnectionStates
  readonly #seats = new Set<Seat>()
  #line: Line | null = null
  #isOpen = false
  /** Opened because the server asked for it, not used yet. */
  #next: Line | null = null
  #failures = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  /** Why there is no line, and when there will be one. */
  #waiting: { error: SkeinError; nextTryAt: number } | null = null
  #refused: SkeinError | null = null
  #closed = false

  constructor({ openLine, now = Date.now, random = Math.random }: ConnectionOptions) {
    this.#openLine = openLine
    this.#now = now
    this.#random = random
    this.#states = new ConnectionStates(now)
  }

  readonly getSnapshot = (): ConnectionState => this.#states.current

  readonly subscribe = (listener: () => void): (() => void) => this.#states.subscribe(listener)

  readonly retryNow = (): void => {
    if (this.#waiting) this.#open()
    for (const seat of this.#seats) seat.retryNow()
  }

  readonly doubt = (): void => {
    if (this.#isOpen) this.#lost(new SkeinError('NO_ANSWER', 'The network is gone.'))
  }

  /**
   * Opens a subscription, and keeps it open.
   * @throws SkeinError CLOSED
   */
  join(subscription: Subscription): Joined {
    if (this.#closed) throw new SkeinError('CLOSED', 'The client was closed.')
    const seat = new Seat(subscription, {
      line: () => this.#line,
      now: this.#now,
      random: this.#random,
      changed: () => this.#show(),
      heard: () => {
        this.#failures = 0
      },
      refused: (error) => this.#refuse(error),
      left: () => this.#left(seat),
    })
    this.#seats.add(seat)
    this.#refused = null
    if (this.#line) seat.sit(this.#line)
    else if (!this.#waiting) this.#open()
    this.#show()
    return {
      leave: () => this.#left(seat),
      pause: () => seat.pause(),
      resume: () => seat.resume(),
    }
  }

  /** Says anew how it is; for subscriptions that have caught up or fell behind. */
  readonly show = (): void => this.#show()

  /** Ends everything. */
  close(): void {
    this.#closed = true
    const seats = [...this.#seats]
    this.#leave()
    this.#show()
    for (const seat of seats) seat.refuse(new SkeinError('CLOSED', 'The client was closed.'))
  }

  #open(): void {
    clearTimeout(this.#timer)
    this.#waiting = null
    this.#use(this.#newLine())
  }

  #use(line: Line): void {
    this.#isOpen = false
    this.#line = line
    for (const seat of this.#seats) seat.sit(line)
    this.#show()
  }

  #newLine(): Line {
    const line: Line = this.#openLine({
      opened: () => {
        if (this.#next === line) this.#moved(line)
        else if (this.#line === line) {
          this.#isOpen = true
          this.#show()
        }
      },
      moving: () => {
        if (this.#line === line) this.#next ??= this.#newLine()
      },
      lost: (error) => {
        if (this.#line === line) this.#lost(error)
        else if (this.#next === line) this.#next = null
      },
    })
    return line
  }

  #moved(next: Line): void {
    const before = this.#line
    this.#next = null
    this.#line = next
    this.#isOpen = true
    for (const seat of this.#seats) seat.sit(next)
    before?.close()
    this.#show()
  }

  #lost(error: SkeinError): void {
    if (error.credentialsRefused) return this.#refuse(error)
    const next = this.#next
    this.#next = null
    this.#drop()
    // It went before the new one was there: that one is under way already.
    if (next) return this.#use(next)
    if (this.#seats.size === 0) return this.#show()
    const delay = Math.max(
      reconnectDelay(this.#failures++, this.#random),
      (error.retryAfter ?? 0) * 1_000,
    )
    this.#waiting = { error, nextTryAt: this.#now() + delay }
    this.#timer = setTimeout(() => this.#open(), delay)
    this.#show()
  }

  #refuse(error: SkeinError): void {
    const seats = [...this.#seats]
    this.#leave()
    this.#refused = error
    this.#show()
    for (const seat of seats) seat.refuse(error)
  }

  #left(seat: Seat): void {
    if (!this.#seats.delete(seat)) return
    seat.leave()
    if (this.#seats.size === 0) this.#leave()
    this.#show()
  }

  #leave(): void {
    this.#seats.clear()
    this.#failures = 0
    this.#waiting = null
    clearTimeout(this.#timer)
    this.#drop()
  }

  #drop(): void {
    for (const seat of this.#seats) seat.stand()
    this.#line?.close()
    this.#next?.close()
    this.#line = null
    this.#next = null
    this.#isOpen = false
  }

  #show(): void {
    this.#states.change(this.#describe())
  }

  #describe(): Stateless {
    const refused = this.#refused
    if (refused) return { type: 'refused', reason: refused.reason, message: refused.message }
    if (this.#seats.size === 0) return idleState
    const seats = [...this.#seats]
    const waiting = this.#waiting ?? seats.find((seat) => seat.waiting)?.waiting
    if (waiting) {
      const { error, nextTryAt } = waiting
      return { type: 'offline', reason: error.reason, message: error.message, nextTryAt }
    }
    if (!this.#isOpen) return { type: 'connecting' }
    return { type: seats.some((seat) => seat.isBehind) ? 'catching-up' : 'live' }
  }
}
