import { randomUUID } from 'node:crypto'
import { Connection, readNumber, type ConnectionOptions } from '../../generator/connection.ts'
import type { RawSocketTarget } from '../../generator/raw-socket.ts'
import type { SkeinWorld } from './fill-world.ts'

const subscription = 1
const idAt = '{"id":'.length
const cursorKey = Buffer.from('"cursor":"')
const seqKey = Buffer.from('"seq":')

/** tRPC's wire as Skein's clients speak it: one subscription to all facts, calls beside it. */
export class SkeinConnection extends Connection {
  readonly #port: number
  readonly #world: SkeinWorld
  readonly #person: number
  #live: ((frame: string) => void) | null = null
  readonly #clientIds = randomUUID()
  #posts = 0
  /** Newest seq of the thread that is followed, here and before the cut: a cursor may repeat a little before it. */
  #newestSeq = 0
  #seenBefore = 0

  constructor(port: number, world: SkeinWorld, person: number, options: ConnectionOptions) {
    super(options)
    this.#port = port
    this.#world = world
    this.#person = person
  }

  /** Of all threads that this person is in, whichever are named. */
  async follow(_threads: readonly number[], from?: string): Promise<void> {
    const [cursor, seq] = from?.split(' ') ?? []
    this.#seenBefore = Number(seq ?? 0)
    const input = cursor === undefined ? {} : { cursor }
    const live = new Promise<string>((resolve) => (this.#live = resolve))
    this.send(
      JSON.stringify({
        id: subscription,
        method: 'subscription',
        params: { path: 'events.stream', input },
      }),
    )
    const frame = await live
    if (!frame.includes('"cursor"')) throw new Error(`no stream of events: ${frame}`)
  }

  async post(thread: number, text: string): Promise<void> {
    const clientId = `${this.#clientIds}.${this.#posts++}`
    const input = { threadId: this.#world.threadIds[thread], clientId, text }
    this.#check(await this.#call('mutation', 'messages.send', input))
  }

  async page(thread: number, before: number): Promise<string> {
    const threadId = this.#world.threadIds[thread]
    const seq = this.#world.firstHistorySeq + before
    return this.#check(await this.#call('query', 'messages.list', { threadId, before: seq }))
  }

  protected address(): RawSocketTarget {
    const authorization = `Bearer ${this.#world.tokens[this.#person] ?? ''}`
    return { port: this.#port, path: '/trpc', headers: { authorization } }
  }

  protected async greet(): Promise<void> {
    await Promise.resolve()
  }

  protected take(buffer: Buffer, start: number, end: number): void {
    const id = readNumber(buffer, start + idAt)
    if (id !== subscription) {
      this.answer(id, buffer, start, end)
      return
    }
    if (this.#live) this.#open(buffer.toString('utf8', start, end))
    this.event(buffer, start, end)
  }

  protected isRepeat(buffer: Buffer, at: number): boolean {
    return this.#seenBefore > 0 && seqBefore(buffer, at) <= this.#seenBefore
  }

  protected positionOf(buffer: Buffer, start: number, end: number): string {
    const at = buffer.indexOf(cursorKey, start)
    if (at < 0 || at >= end) return ''
    const from = at + cursorKey.length
    const cursor = buffer.toString('latin1', from, buffer.indexOf(0x22, from))
    this.#newestSeq = Math.max(this.#newestSeq, seqBefore(buffer, end, start))
    return `${cursor} ${this.#newestSeq}`
  }

  /** `started` says that it was accepted; the first item, that everything up to its cursor was handed over. */
  #open(frame: string): void {
    if (frame.includes('"type":"started"')) return
    this.#live?.(frame)
    this.#live = null
  }

  #call(method: 'query' | 'mutation', path: string, input: object): Promise<string> {
    return this.ask((id) => JSON.stringify({ id, method, params: { path, input } }))
  }

  #check(answer: string): string {
    if (answer.includes('"error":{')) throw new Error(answer)
    return answer
  }
}

/** The last seq before a place: that of the message whose text stands there. 0 when there is none. */
function seqBefore(buffer: Buffer, at: number, start = 0): number {
  const found = buffer.lastIndexOf(seqKey, at)
  return found < start ? 0 : readNumber(buffer, found + seqKey.length)
}
