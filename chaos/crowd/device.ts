/**
 * One device of a person: a WebSocket that speaks tRPC's wire protocol, follows all facts, comes back by itself with
 * its cursor, and keeps a record of every fact it is handed. It drops nothing and mends nothing: whether the record is
 * right is the checker's to say.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { contentOf } from '../check/content-of.ts'
import type { ClientRecord, Sight } from '../check/history.ts'
import type { Random } from '../random.ts'
import { Calls } from './calls.ts'
import type { Door, Doors } from './doors.ts'
import { readFrame, type FactItem } from './frames.ts'
import { hasty, type Habits } from './habits.ts'

/** One connection of a device, as long as it lasted. */
export interface ConnectionRecord {
  number: number
  door: string
  openedAt: number
  /** When the first facts (or the word that there are none) came. */
  liveAt: number | null
  /** When the server asked the device to go elsewhere. */
  askedAt: number | null
  closedAt: number | null
  why: string
}

export interface DeviceOptions {
  name: string
  person: { id: string; token: string }
  doors: Doors
  random: Random
  /** Where it begins to follow, and the numbers of its streams at that moment. */
  cursor: string
  since: ReadonlyMap<string, number>
  habits?: Habits
}

/** Less than the server waits for one. */
const signMs = 4_000
const watchMs = 500
const subscriptionId = 1

export class Device {
  readonly name: string
  readonly person: { id: string; token: string }
  readonly connections: ConnectionRecord[] = []
  /** Refusals of its cursor, by reason. */
  readonly resets: string[] = []
  /** Highest number seen of each stream. */
  readonly newest = new Map<string, number>()
  /** It may change them at any time. */
  habits: Habits
  readonly #options: DeviceOptions
  readonly #sights: Sight[] = []
  readonly #calls = new Calls()
  #cursor: string
  #socket: WebSocket | null = null
  #stopped = false
  #failures = 0
  #heardAt = 0
  #timers: NodeJS.Timeout[] = []
  #isPaused = false
  #isSilent = false

  constructor(options: DeviceOptions) {
    this.#options = options
    this.name = options.name
    this.person = options.person
    this.habits = options.habits ?? hasty
    this.#cursor = options.cursor
  }

  get record(): ClientRecord {
    return {
      name: this.name,
      userId: this.person.id,
      since: this.#options.since,
      sights: this.#sights,
    }
  }

  /** The cursor it would come back with. */
  get cursor(): string {
    return this.#cursor
  }

  get isLive(): boolean {
    const last = this.connections.at(-1)
    return last !== undefined && last.liveAt !== null && last.closedAt === null
  }

  /** The door of the connection it has. */
  get door(): string | null {
    const last = this.connections.at(-1)
    return last && last.closedAt === null ? last.door : null
  }

  start(): void {
    this.#timers = [
      setInterval(() => this.#giveSign(), signMs),
      setInterval(() => this.#watchLine(), watchMs),
    ]
    this.#open()
  }

  stop(): void {
    this.#stopped = true
    for (const timer of this.#timers) clearInterval(timer)
    this.#socket?.terminate()
  }

  /** Loses its connection, and comes back by itself. */
  lose(): void {
    this.#socket?.terminate()
  }

  /** Takes nothing more from the network, as a reader that hangs. @param speaking it still gives signs of life */
  pause({ speaking = false } = {}): void {
    this.#isPaused = true
    this.#isSilent = !speaking
    this.#socket?.pause()
  }

  resume(): void {
    this.#isPaused = false
    this.#isSilent = false
    this.#heardAt = Date.now()
    this.#socket?.resume()
  }

  /** Calls a procedure over the connection it has. Rejects with CallFailed when there is no answer. */
  call(path: string, input: unknown, patienceMs: number): Promise<unknown> {
    return this.#calls.begin(this.#socket, { method: 'mutation', path, input }, patienceMs)
  }

  /** @param leaving the connection before this one, which goes when the new one is there. */
  #open(leaving: WebSocket | null = null): void {
    if (this.#stopped) return leaving?.terminate()
    const { doors, random, person } = this.#options
    const door = doors.choose(
      random,
      this.#failures > 0 ? this.connections.at(-1)?.door : undefined,
    )
    if (!door) return this.#comeBack()
    const connection: ConnectionRecord = {
      number: this.connections.length + 1,
      door: door.name,
      openedAt: Date.now(),
      liveAt: null,
      askedAt: null,
      closedAt: null,
      why: '',
    }
    this.connections.push(connection)
    const socket = this.#connect(door)
    this.#socket = socket
    this.#heardAt = Date.now()
    socket.on('open', () => {
      if (leaving) setTimeout(() => leaving.close(), this.#calls.isWaitingOn(leaving) ? 2_000 : 0)
      socket.send(JSON.stringify({ method: 'connectionParams', data: { token: person.token } }))
      const params = { path: 'events.stream', input: {}, lastEventId: this.#cursor }
      socket.send(JSON.stringify({ id: subscriptionId, method: 'subscription', params }))
    })
    socket.on('message', (data: Buffer) => this.#take(socket, connection, data.toString()))
    socket.on('error', (error) => (connection.why ||= error.message))
    socket.on('close', (code, reason) => {
      connection.closedAt = Date.now()
      connection.why ||= `${code} ${reason.toString()}`
      this.#calls.breakOff(socket)
      if (this.#socket === socket) this.#comeBack()
    })
  }

  #connect(door: Door): WebSocket {
    return new WebSocket(`ws://127.0.0.1:${door.port}/trpc?connectionParams=1`, {
      perMessageDeflate: false,
      handshakeTimeout: this.habits.openMs,
      maxPayload: 64 * 1024 * 1024,
    })
  }

  /** With a delay that grows and is drawn at random, so that a thousand do not come at once. */
  #comeBack(): void {
    this.#socket = null
    const { random } = this.#options
    const delay = this.habits.delay(this.#failures++, () => random.next())
    void sleep(delay).then(() => this.#open())
  }

  #take(socket: WebSocket, connection: ConnectionRecord, text: string): void {
    this.#heardAt = Date.now()
    if (text === 'PONG') return
    for (const frame of readFrame(text)) {
      if (frame.kind === 'reconnect') this.#moveOn(connection)
      else if (frame.kind === 'answer') this.#calls.settle(frame.id, frame.answer)
      else if (frame.kind === 'facts') this.#see(connection, frame.item)
      else if (frame.kind === 'refused') this.#refused(socket, frame.id, frame.error)
    }
  }

  #see(connection: ConnectionRecord, { cursor, events }: FactItem): void {
    const at = Date.now()
    connection.liveAt ??= at
    this.#failures = 0
    for (const event of events) {
      const { stream, seq } = event
      const content = this.#options.doors.intern(contentOf(event))
      this.#sights.push({ connection: connection.number, stream, seq, content, at })
      this.newest.set(stream, Math.max(seq, this.newest.get(stream) ?? 0))
    }
    this.#cursor = cursor
  }

  /** The instance is leaving: a new connection first, then the old one goes. */
  #moveOn(connection: ConnectionRecord): void {
    connection.askedAt = Date.now()
    const leaving = this.#socket
    this.#socket = null
    this.#open(leaving)
  }

  #refused(socket: WebSocket, id: unknown, error: { reason: string; retryAfter?: number }): void {
    if (id !== subscriptionId && id !== null) return this.#calls.refuse(id, error)
    if (error.reason.startsWith('CURSOR_')) {
      this.resets.push(error.reason)
      this.stop()
    } else socket.close()
  }

  #giveSign(): void {
    if (this.#socket?.readyState === WebSocket.OPEN && !this.#isSilent) this.#socket.send('PING')
  }

  /** A line on which nothing comes although signs of life are given is taken for dead. */
  #watchLine(): void {
    if (this.#isPaused || Date.now() - this.#heardAt <= this.habits.silenceMs) return
    this.#socket?.terminate()
  }
}
