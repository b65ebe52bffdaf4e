import { Connection, readNumber, type ConnectionOptions } from '../../generator/connection.ts'
import type { RawSocketTarget } from '../../generator/raw-socket.ts'
import { preparePeer } from '../peer-target.ts'
import type { Prepare } from '../target.ts'

const eventKey = 'e'.charCodeAt(0)
const idAt = '{"id":'.length
const eventIdAt = '{"event":{"id":'.length

class BareWsConnection extends Connection {
  readonly #port: number
  readonly #person: number
  readonly #sharesReads: boolean

  constructor(port: number, person: number, options: ConnectionOptions, sharesReads: boolean) {
    super(options)
    this.#port = port
    this.#person = person
    this.#sharesReads = sharesReads
  }

  async follow(threads: readonly number[], from?: string): Promise<void> {
    if (from === undefined) {
      await this.ask((id) => JSON.stringify({ id, op: 'join', threads }))
      return
    }
    const after = Number(from)
    const shared = this.#sharesReads
    for (const thread of threads)
      await this.ask((id) => JSON.stringify({ id, op: 'resume', thread, after, shared }))
  }

  async post(thread: number, text: string): Promise<void> {
    const author = this.#person
    await this.ask((id) => JSON.stringify({ id, op: 'send', thread, author, text }))
  }

  page(thread: number, before: number): Promise<string> {
    return this.ask((id) => JSON.stringify({ id, op: 'page', thread, before }))
  }

  protected address(): RawSocketTarget {
    return { port: this.#port, path: '/', headers: {} }
  }

  protected async greet(): Promise<void> {
    await Promise.resolve()
  }

  protected take(buffer: Buffer, start: number, end: number): void {
    if (buffer[start + 2] === eventKey) this.event(buffer, start, end)
    else this.answer(readNumber(buffer, start + idAt), buffer, start, end)
  }

  protected isRepeat(): boolean {
    return false
  }

  protected positionOf(buffer: Buffer, start: number): string {
    return String(readNumber(buffer, start + eventIdAt))
  }
}

/** (a): bare `ws`. */
export const prepareBareWs: Prepare = (options) =>
  preparePeer(
    {
      name: 'ws',
      folder: 'bare-ws',
      canResume: true,
      connect: ({ port }, person, connection) =>
        new BareWsConnection(port, person, connection, false),
      connectClever: ({ port }, person, connection) =>
        new BareWsConnection(port, person, connection, true),
    },
    options,
  )
