/**
 * People who write: so many messages a second, each tried on one instance after another with the same clientId until
 * it has an answer, half of them over HTTP and half over the writer's socket.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Attempt, Send } from '../check/history.ts'
import type { Random } from '../random.ts'
import { CallFailed } from './calls.ts'
import type { CastThread, Person } from './cast.ts'
import type { Device } from './device.ts'
import type { Doors } from './doors.ts'
import { httpCall } from './http-call.ts'

export interface LoadOptions {
  /** Stands in the clientIds, so that no two loads share one. */
  name: string
  threads: readonly CastThread[]
  devicesOf: (person: Person) => readonly Device[]
  doors: Doors
  random: Random
  messagesPerSecond: number
  /** Characters of a message. */
  length?: number
  /** Which part of the messages goes over the writer's socket; the others go over HTTP. */
  overSocket?: number
  /** Which part of the messages is sent once more after it was answered, on another instance. */
  again?: number
  /** How many may be under way; beyond it, writers wait. */
  most?: number
}

const tickMs = 50
const attemptMs = 5_000
/** A writer tries a message for so long. */
const patienceMs = 60_000
const longestPauseMs = 1_000

export class Load {
  readonly sends: Send[] = []
  readonly #options: LoadOptions
  readonly #underWay = new Set<Promise<void>>()
  #number = 0
  #isStopped = false
  #isPaused = false
  #isGivenUp = false
  readonly #running: Promise<void>

  constructor(options: LoadOptions) {
    this.#options = options
    this.#running = this.#run()
  }

  /** Nobody begins to write, until `resume`. */
  pause(): void {
    this.#isPaused = true
  }

  resume(): void {
    this.#isPaused = false
  }

  /** So many messages more, all at once, as when everyone has something to say. */
  shout(messages: number): void {
    for (let n = 0; n < messages; n++) this.#begin()
  }

  /** Nobody begins to write any more; waits for what is under way. */
  async stop(): Promise<void> {
    this.#isStopped = true
    await this.#running
    await Promise.all(this.#underWay)
  }

  /** Nobody writes or tries again. */
  giveUp(): void {
    this.#isStopped = true
    this.#isGivenUp = true
  }

  async #run(): Promise<void> {
    const { messagesPerSecond, most = 150 } = this.#options
    let due = 0
    let last = performance.now()
    while (!this.#isStopped) {
      await sleep(tickMs)
      const now = performance.now()
      due = Math.min(due + ((now - last) / 1_000) * messagesPerSecond, messagesPerSecond)
      last = now
      for (; due >= 1; due--) if (!this.#isPaused && this.#underWay.size < most) this.#begin()
    }
  }

  #begin(): void {
    const sending = this.#write().finally(() => this.#underWay.delete(sending))
    this.#underWay.add(sending)
  }

  async #write(): Promise<void> {
    const { name, threads, random, length = 20 } = this.#options
    const thread = random.pick(threads)
    const author = random.pick(thread.members)
    const number = ++this.#number
    const clientId = `${name}.${number}`
    const send: Send = { authorId: author.id, clientId, threadId: thread.id, attempts: [] }
    this.sends.push(send)
    const input = { threadId: thread.id, clientId, text: `honk ${number}`.padEnd(length, '.') }
    const { overSocket = 0.5, again = 0.05 } = this.#options
    const isOverSocket = random.happens(overSocket)
    let isAnsweredOnce = !random.happens(again)
    const giveUpAt = Date.now() + patienceMs
    for (let tries = 1; Date.now() < giveUpAt && !this.#isGivenUp; tries++) {
      const attempt = isOverSocket
        ? await this.#overSocket(author, input)
        : await this.#overHttp(author, input, send.attempts.at(-1)?.instance)
      send.attempts.push(attempt)
      if (attempt.outcome === 'refused') return
      if (attempt.outcome === 'ok') {
        if (isAnsweredOnce) return
        isAnsweredOnce = true
      }
      await sleep(random.between(0, Math.min(longestPauseMs, 100 * 2 ** tries)))
    }
  }

  async #overSocket(author: Person, input: unknown): Promise<Attempt> {
    const { devicesOf, random } = this.#options
    const devices = devicesOf(author)
    const device = random.pick(
      devices
        .filter(({ isLive }) => isLive)
        .concat(devices)
        .slice(0, 3),
    )
    const at = Date.now()
    const went = { at, instance: device.door ?? 'nowhere', way: 'socket' as const }
    try {
      const answer = await device.call('messages.send', input, attemptMs)
      return { ...went, took: Date.now() - at, ...okWith(answer) }
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error
      const { refusal, message } = error
      const outcome = refusal ? outcomeOf(refusal.reason) : 'unknown'
      const retryAfter = refusal?.retryAfter === undefined ? {} : { retryAfter: refusal.retryAfter }
      return { ...went, took: Date.now() - at, outcome, reason: message, ...retryAfter }
    }
  }

  async #overHttp({ token }: Person, input: unknown, last?: string): Promise<Attempt> {
    const { doors, random } = this.#options
    const door = doors.choose(random, last)
    const went = { at: Date.now(), instance: door?.name ?? 'nowhere', way: 'http' as const }
    if (!door) return { ...went, took: 0, outcome: 'unavailable', reason: 'no door' }
    const path = 'messages.send'
    const answer = await httpCall({ port: door.port, token, path, input, patienceMs: attemptMs })
    const { took, status, retryAfter, refusal, data, broke } = answer
    const came = { ...went, took, ...(status === null ? {} : { status }) }
    if (status === 200) return { ...came, ...okWith(data) }
    const after = retryAfter === null ? {} : { retryAfter }
    if (refusal) {
      const { reason } = refusal
      return { ...came, outcome: outcomeOf(reason), reason, ...after }
    }
    // Answered, and not by the API: the gate turns people away while the instance stops.
    if (status === 503) return { ...came, outcome: 'unavailable', reason: 'turned away', ...after }
    return { ...came, outcome: 'unknown', reason: broke ?? `status ${status}` }
  }
}

function okWith(answer: unknown): Pick<Attempt, 'outcome' | 'answer'> {
  const { message } = answer as { message: { id: string; seq: number } }
  return { outcome: 'ok', answer: { id: message.id, seq: message.seq } }
}

const passing = new Set([
  'DATABASE_UNAVAILABLE',
  'BUSY',
  'STOPPING',
  'RATE_LIMITED',
  'NOT_CONNECTED',
  'INTERNAL',
])

/** Only a refusal of the message itself is final. */
function outcomeOf(reason: string): 'refused' | 'unavailable' {
  return passing.has(reason) ? 'unavailable' : 'refused'
}
