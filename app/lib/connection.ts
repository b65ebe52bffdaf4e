import { createWSClient } from '@trpc/client'
import { Store } from './store.ts'
import type { Socket } from './trpc.ts'

/** How the socket is. `since` and `nextTryAt` are milliseconds of the epoch. */
export type ConnectionState =
  | { type: 'open' }
  | { type: 'connecting'; since: number }
  | { type: 'waiting'; since: number; nextTryAt: number }

export interface ConnectionOptions {
  url: string
  now: () => number
  random: () => number
}

const firstDelayMs = 5_000
const longestDelayMs = 30_000

/**
 * One socket, opened again for as long as the page lives. After a loss everyone waits a random while, so that a
 * restarted server does not meet all of its clients in the same second.
 */
export class Connection {
  readonly state: Store<ConnectionState>
  /** Counts the sockets: a subscriber starts anew when it changes. */
  readonly generation = new Store(0)
  readonly #options: ConnectionOptions
  #socket: Socket | null = null
  #timer: ReturnType<typeof setTimeout> | undefined
  #failures = 0
  #closed = false

  constructor(options: ConnectionOptions) {
    this.#options = options
    this.state = new Store<ConnectionState>({ type: 'connecting', since: options.now() })
  }

  /** The socket of the moment. @throws Error before `open` and after `close`. */
  readonly socket = (): Socket => {
    if (!this.#socket) throw new Error('The connection is closed.')
    return this.#socket
  }

  open(): void {
    this.#closed = false
    const { now, url } = this.#options
    this.state.update((state) => ({ type: 'connecting', since: sinceOf(state) ?? now() }))
    const socket = createWSClient({
      url,
      keepAlive: { enabled: true, intervalMs: 30_000, pongTimeoutMs: 5_000 },
      // The server asks everyone to come back elsewhere: spread over the same while.
      retryDelayMs: () => this.#delay(),
      onOpen: () => {
        if (this.#socket !== socket) return
        this.#failures = 0
        this.state.update(() => ({ type: 'open' }))
      },
      onClose: () => {
        if (this.#socket === socket) this.#lost()
      },
      onError: () => {
        if (this.#socket === socket) this.#lost()
      },
    })
    this.#socket = socket
    this.generation.update((count) => count + 1)
  }

  /** The person does not want to wait. */
  retryNow(): void {
    if (this.state.get().type === 'waiting') this.#reopen()
  }

  /** The device says that it has no network: no need to wait until the silence is noticed. */
  doubt(): void {
    if (this.state.get().type === 'open') this.#lost()
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
    this.#drop()
  }

  #lost(): void {
    if (this.#closed) return
    const { now } = this.#options
    const delay = this.#delay()
    this.#failures++
    this.#drop()
    this.state.update((state) => ({
      type: 'waiting',
      since: sinceOf(state) ?? now(),
      nextTryAt: now() + delay,
    }))
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#reopen(), delay)
  }

  #reopen(): void {
    clearTimeout(this.#timer)
    this.open()
  }

  #drop(): void {
    const socket = this.#socket
    this.#socket = null
    void socket?.close()
  }

  #delay(): number {
    const most = Math.min(firstDelayMs * 2 ** this.#failures, longestDelayMs)
    return 250 + this.#options.random() * most
  }
}

function sinceOf(state: ConnectionState): number | undefined {
  return state.type === 'open' ? undefined : state.since
}
