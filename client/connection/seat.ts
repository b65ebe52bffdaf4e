import { SkeinError } from '../skein-error.ts'
import { reconnectDelay } from './delay.ts'
import type { Line } from './line.ts'

/** What somebody wants to hear, for as long as they want it. */
export interface Subscription {
  path: string
  /** Asked for whenever the subscription is opened: where to go on may have changed. */
  input: () => unknown
  data(value: unknown, id: string | undefined): void
  /** Not subscribed for the moment; it begins again by itself. */
  interrupted?(): void
  /** It is over: the server refused it for a reason that does not pass. */
  refused(error: SkeinError): void
  /** Whether what was missed is still being read. */
  isBehind?: () => boolean
}

/** What whoever joined may do with their subscription. */
export interface Joined {
  leave(): void
  pause(): void
  resume(): void
}

interface SeatOptions {
  line: () => Line | null
  now: () => number
  random: () => number
  changed: () => void
  /** Data came: the connection is a good one. */
  heard: () => void
  /** The server does not know who this is: that concerns everyone. */
  refused: (error: SkeinError) => void
  left: () => void
}

/** One subscription's place on the line of the moment. */
export class Seat {
  readonly #subscription: Subscription
  readonly #options: SeatOptions
  #stop: (() => void) | null = null
  #timer: ReturnType<typeof setTimeout> | undefined
  #failures = 0
  #waiting: { error: SkeinError; nextTryAt: number } | null = null
  #paused = false

  constructor(subscription: Subscription, options: SeatOptions) {
    this.#subscription = subscription
    this.#options = options
  }

  /** Why this one subscription is not open though the line is, and when it is tried again. */
  get waiting() {
    return this.#waiting
  }

  get isBehind(): boolean {
    return this.#subscription.isBehind?.() ?? false
  }

  /** Opens the subscription on a line, and ends it on the one before. */
  sit(line: Line): void {
    this.stand()
    if (this.#paused) return
    const { path, input } = this.#subscription
    this.#stop = line.subscribe(path, input(), {
      data: (value, id) => {
        this.#failures = 0
        this.#options.heard()
        this.#subscription.data(value, id)
      },
      ended: (error) => {
        this.#stop = null
        this.#ended(error ?? new SkeinError('NO_ANSWER', 'The server ended the subscription.'))
      },
    })
  }

  /** The line is gone, or left. */
  stand(): void {
    clearTimeout(this.#timer)
    this.#waiting = null
    const stop = this.#stop
    this.#stop = null
    stop?.()
    if (stop) this.#subscription.interrupted?.()
  }

  /** Nothing comes until `resume`: whoever listens has enough for now. */
  pause(): void {
    this.#paused = true
    this.stand()
    this.#options.changed()
  }

  resume(): void {
    this.#paused = false
    this.#retryOn(this.#options.line())
  }

  retryNow(): void {
    const line = this.#options.line()
    if (this.#waiting && line) this.sit(line)
  }

  leave(): void {
    clearTimeout(this.#timer)
    this.#waiting = null
    this.#stop?.()
    this.#stop = null
  }

  refuse(error: SkeinError): void {
    this.leave()
    this.#subscription.refused(error)
  }

  #ended(error: SkeinError): void {
    if (error.credentialsRefused) return this.#options.refused(error)
    if (!error.passing) {
      this.#options.left()
      this.#subscription.refused(error)
      return
    }
    this.#subscription.interrupted?.()
    const { now, random } = this.#options
    const delay = Math.max(
      reconnectDelay(this.#failures++, random),
      (error.retryAfter ?? 0) * 1_000,
    )
    this.#waiting = { error, nextTryAt: now() + delay }
    this.#timer = setTimeout(() => {
      this.#waiting = null
      this.#retryOn(this.#options.line())
    }, delay)
    this.#options.changed()
  }

  #retryOn(line: Line | null): void {
    if (line) this.sit(line)
    this.#options.changed()
  }
}
