import type { LocalStore } from '~/lib/local-store.ts'
import { Store } from '~/lib/store.ts'

/** A message that the server has not confirmed yet. Its clientId makes every repetition the same send. */
export interface PendingMessage {
  readonly clientId: string
  readonly threadId: string
  readonly text: string
  readonly at: string
  readonly state: 'sending' | 'failed'
  /** Why the server refused it; null while it is on its way. */
  readonly problem: string | null
}

/** How a try to send ended. `later`: nobody refused it, so it goes out again. */
export type SendOutcome =
  { type: 'sent' } | { type: 'refused'; problem: string } | { type: 'later'; afterMs: number }

export interface OutboxOptions {
  store: LocalStore
  /** May try for a while. The signal ends that: the way is free again, or the message is to go no more. */
  send: (message: PendingMessage, signal: AbortSignal) => Promise<SendOutcome>
  newId: () => string
  now: () => Date
  /** Runs a task while no other tab of this browser runs one of that name. */
  exclusively: (name: string, task: () => Promise<void>) => Promise<void>
  wait: (ms: number) => Promise<void>
}

const keyStart = 'outbox:'

/**
 * Messages on their way out. Each is written down before it is sent and crossed out when the server has it, so
 * that they survive closing the browser; per thread they go out one after the other, in the order of writing.
 */
export class Outbox {
  readonly pending: Store<readonly PendingMessage[]>
  readonly #options: OutboxOptions
  readonly #draining = new Map<string, Promise<void>>()
  /** By clientId, what ends a send that is under way or waits for its next try. */
  readonly #sending = new Map<string, AbortController>()
  /** Messages that the browser's storage did not take; they live as long as the page. */
  readonly #unkept = new Set<string>()
  #closed = false

  constructor(options: OutboxOptions) {
    this.#options = options
    this.pending = new Store<readonly PendingMessage[]>([])
  }

  /** Takes up what an earlier visit left behind. */
  start(): void {
    this.#closed = false
    this.reload()
  }

  /** Reads what is kept again: another tab may have added to it or crossed out. */
  reload(): void {
    const { store } = this.#options
    const kept = store.keys(keyStart).flatMap((key) => parse(store.read(key)))
    const unkept = this.pending.get().filter((each) => this.#unkept.has(each.clientId))
    const all = [...kept, ...unkept].sort(byTime)
    this.pending.update(() => all)
    for (const message of all) if (message.state === 'sending') this.#drain(message.threadId)
  }

  add(threadId: string, text: string): PendingMessage {
    const { newId, now } = this.#options
    const last = this.pending.get().at(-1)
    const at = new Date(Math.max(now().getTime(), last ? Date.parse(last.at) + 1 : 0)).toISOString()
    const message: PendingMessage = {
      clientId: newId(),
      threadId,
      text,
      at,
      state: 'sending',
      problem: null,
    }
    this.#put(message)
    this.#drain(threadId)
    return message
  }

  retry(clientId: string): void {
    const message = this.pending.get().find((each) => each.clientId === clientId)
    if (!message) return
    this.#put({ ...message, state: 'sending', problem: null })
    this.#drain(message.threadId)
  }

  remove(clientId: string): void {
    this.#unkept.delete(clientId)
    this.#options.store.remove(keyStart + clientId)
    this.pending.update((all) => all.filter((each) => each.clientId !== clientId))
    this.#sending.get(clientId)?.abort()
  }

  /** The way is free again: whatever waits for its next try, or for an answer that was lost, goes now. */
  wake(): void {
    for (const sending of this.#sending.values()) sending.abort()
  }

  close(): void {
    this.#closed = true
    this.wake()
  }

  #put(message: PendingMessage): void {
    const kept = this.#options.store.write(keyStart + message.clientId, JSON.stringify(message))
    if (!kept) this.#unkept.add(message.clientId)
    this.pending.update((all) =>
      [...all.filter((each) => each.clientId !== message.clientId), message].sort(byTime),
    )
  }

  #drain(threadId: string): void {
    if (this.#draining.has(threadId)) return
    const done = this.#options
      .exclusively(`outbox:${threadId}`, () => this.#sendAll(threadId))
      .finally(() => {
        this.#draining.delete(threadId)
        if (!this.#closed && this.#next(threadId)) this.#drain(threadId)
      })
    this.#draining.set(threadId, done)
  }

  #next(threadId: string): PendingMessage | undefined {
    return this.pending.get().find((each) => each.threadId === threadId && each.state === 'sending')
  }

  async #sendAll(threadId: string): Promise<void> {
    const { store } = this.#options
    for (let message = this.#next(threadId); message; message = this.#next(threadId)) {
      if (this.#closed) return
      // Another tab may have sent it while this one waited for its turn.
      if (!this.#unkept.has(message.clientId) && store.read(keyStart + message.clientId) === null) {
        this.remove(message.clientId)
        continue
      }
      await this.#send(message)
    }
  }

  async #send(message: PendingMessage): Promise<void> {
    const { send, wait } = this.#options
    const { clientId } = message
    const sending = new AbortController()
    this.#sending.set(clientId, sending)
    try {
      const outcome = await send(message, sending.signal)
      const isGivenUp = !this.pending.get().some((each) => each.clientId === clientId)
      if (outcome.type === 'sent' || isGivenUp) this.remove(clientId)
      else if (outcome.type === 'refused') {
        this.#put({ ...message, state: 'failed', problem: outcome.problem })
      } else await Promise.race([wait(outcome.afterMs), aborted(sending.signal)])
    } finally {
      this.#sending.delete(clientId)
    }
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

function byTime(a: PendingMessage, b: PendingMessage): number {
  return a.at < b.at ? -1 : a.at > b.at ? 1 : 0
}

/** What was kept; what is not ours to read counts as nothing. */
function parse(json: string | null): PendingMessage[] {
  try {
    const value: unknown = JSON.parse(json ?? 'null')
    return isPending(value) ? [value] : []
  } catch {
    return []
  }
}

function isPending(value: unknown): value is PendingMessage {
  const keys = ['clientId', 'threadId', 'text', 'at', 'state']
  return typeof value === 'object' && value !== null && keys.every((key) => key in value)
}
