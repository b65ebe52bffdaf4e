/** One client of a target. Each target's own class says how its wire spells what the workloads ask for. */
import { findMarkers } from './marker.ts'
import type { Ledger } from './ledger.ts'
import { RawSocket, type RawSocketTarget } from './raw-socket.ts'

const answerMs = 30_000

export interface ConnectionOptions {
  ledger: Ledger
  /** As the ledger knows this subscriber. */
  subscriber: number
  /** Keep the position after every event, to resume from. */
  keepsPosition: boolean
}

export abstract class Connection {
  /** Where to resume, in the target's own words; empty before the first event. */
  position = ''
  /** Why it ended without our wish. */
  lost: Error | null = null
  readonly #answers = new Map<number, (text: string) => void>()
  #socket: RawSocket | null = null
  #nextId = 2
  readonly #options: ConnectionOptions

  constructor(options: ConnectionOptions) {
    this.#options = options
  }

  /** Connects and says hello. */
  async open(): Promise<void> {
    this.#socket = await RawSocket.open(this.address(), {
      text: (buffer, start, end) => this.take(buffer, start, end),
      lost: (why) => {
        this.lost = why
      },
    })
    await this.greet()
  }

  close(): void {
    this.#socket?.close()
  }

  /** Subscribes to threads; resolves when everything from now on (or from the position on) is certain to come. */
  abstract follow(threads: readonly number[], from?: string): Promise<void>
  /** Posts a message; resolves when the target says that it is kept. */
  abstract post(thread: number, text: string): Promise<void>
  /** Fifty messages before a place in the thread of history. @returns the answer. */
  abstract page(thread: number, before: number): Promise<string>

  protected abstract address(): RawSocketTarget
  protected abstract greet(): Promise<void>
  /** A frame arrived: `event` or `answer` says what it is. */
  protected abstract take(buffer: Buffer, start: number, end: number): void
  /** Is the message at this place one that the target's clients know to drop? */
  protected abstract isRepeat(buffer: Buffer, at: number): boolean
  /** What to resume from after this event. */
  protected abstract positionOf(buffer: Buffer, start: number, end: number): string

  protected event(buffer: Buffer, start: number, end: number): void {
    const { ledger, subscriber, keepsPosition } = this.#options
    findMarkers(buffer, start, end, (sender, number, at) => {
      if (this.isRepeat(buffer, at)) ledger.repeats++
      else ledger.see(subscriber, sender, number)
    })
    if (keepsPosition) {
      const position = this.positionOf(buffer, start, end)
      if (position !== '') this.position = position
    }
  }

  /** Hands an answer to whoever asked. @returns whether somebody did. */
  protected answer(id: number, buffer: Buffer, start: number, end: number): boolean {
    const waiting = this.#answers.get(id)
    if (!waiting) return false
    this.#answers.delete(id)
    waiting(buffer.toString('utf8', start, end))
    return true
  }

  protected send(text: string): void {
    if (this.lost) throw this.lost
    this.#socket?.send(text)
  }

  /** Sends what `write` gives for a new id, and waits for the answer to it. */
  protected ask(write: (id: number) => string): Promise<string> {
    const id = this.#nextId++
    this.send(write(id))
    return this.awaitAnswer(id)
  }

  protected awaitAnswer(id: number): Promise<string> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(
        () => reject(this.lost ?? new Error(`no answer to call ${id} in time`)),
        answerMs,
      )
      this.#answers.set(id, (text) => {
        clearTimeout(late)
        resolve(text)
      })
    })
  }
}

/** The number that follows at `start`. */
export function readNumber(buffer: Buffer, start: number): number {
  let value = 0
  for (let at = start; ; at++) {
    const digit = (buffer[at] ?? 0) - 48
    if (digit < 0 || digit > 9) return value
    value = value * 10 + digit
  }
}
