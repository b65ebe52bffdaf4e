import { Connection, readNumber, type ConnectionOptions } from '../../generator/connection.ts'
import type { RawSocketTarget } from '../../generator/raw-socket.ts'
import { preparePeer } from '../peer-target.ts'
import type { Prepare } from '../target.ts'

// Engine.IO's and Socket.IO's packet types, as the characters a frame begins with.
const ping = '2'.charCodeAt(0)
const message = '4'.charCodeAt(0)
const connected = '0'.charCodeAt(0)
const event = '2'.charCodeAt(0)
const acknowledgement = '3'.charCodeAt(0)

class SocketIoConnection extends Connection {
  readonly #port: number
  readonly #person: number
  #greeted: (() => void) | null = null

  constructor(port: number, person: number, options: ConnectionOptions) {
    super(options)
    this.#port = port
    this.#person = person
  }

  async follow(threads: readonly number[], from?: string): Promise<void> {
    if (from !== undefined) throw new Error('Socket.IO with the Redis adapter does not resume')
    await this.#emit('join', threads)
  }

  async post(thread: number, text: string): Promise<void> {
    await this.#emit('send', { thread, author: this.#person, text })
  }

  page(thread: number, before: number): Promise<string> {
    return this.#emit('page', { thread, before })
  }

  protected address(): RawSocketTarget {
    return { port: this.#port, path: '/socket.io/?EIO=4&transport=websocket', headers: {} }
  }

  protected greet(): Promise<void> {
    const greeted = new Promise<void>((resolve) => (this.#greeted = resolve))
    this.send('40')
    return greeted
  }

  protected take(buffer: Buffer, start: number, end: number): void {
    if (buffer[start] === ping) {
      this.send('3')
      return
    }
    if (buffer[start] !== message) return
    const kind = buffer[start + 1]
    if (kind === event) this.event(buffer, start, end)
    else if (kind === acknowledgement)
      this.answer(readNumber(buffer, start + 2), buffer, start, end)
    else if (kind === connected) this.#greeted?.()
  }

  protected isRepeat(): boolean {
    return false
  }

  protected positionOf(): string {
    return ''
  }

  #emit(name: string, data: unknown): Promise<string> {
    return this.ask((id) => `42${id}${JSON.stringify([name, data])}`)
  }
}

/** (b): Socket.IO 4 with the Redis adapter. */
export const prepareSocketIo: Prepare = (options) =>
  preparePeer(
    {
      name: 'socket-io',
      folder: 'socket-io',
      canResume: false,
      connect: ({ port }, person, connection) => new SocketIoConnection(port, person, connection),
    },
    options,
  )
