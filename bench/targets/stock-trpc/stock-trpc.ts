import { Connection, readNumber, type ConnectionOptions } from '../../generator/connection.ts'
import type { RawSocketTarget } from '../../generator/raw-socket.ts'
import { preparePeer } from '../peer-target.ts'
import type { Prepare } from '../target.ts'

const idAt = '{"id":'.length
const itemKey = Buffer.from('"data":{"id":"')

class StockTrpcConnection extends Connection {
  readonly #port: number
  readonly #person: number
  readonly #subscriptions = new Set<number>()

  constructor(port: number, person: number, options: ConnectionOptions) {
    super(options)
    this.#port = port
    this.#person = person
  }

  async follow(threads: readonly number[], from?: string): Promise<void> {
    for (const thread of threads) {
      const input = from === undefined ? { thread } : { thread, lastEventId: from }
      const started = await this.ask((id) => {
        this.#subscriptions.add(id)
        return call(id, 'subscription', 'onMessage', input)
      })
      if (!started.includes('"started"')) throw new Error(started)
    }
  }

  async post(thread: number, text: string): Promise<void> {
    const author = this.#person
    await this.ask((id) => call(id, 'mutation', 'send', { thread, author, text }))
  }

  page(thread: number, before: number): Promise<string> {
    return this.ask((id) => call(id, 'query', 'page', { thread, before }))
  }

  protected address(): RawSocketTarget {
    return { port: this.#port, path: '/', headers: {} }
  }

  protected async greet(): Promise<void> {
    await Promise.resolve()
  }

  protected take(buffer: Buffer, start: number, end: number): void {
    if (buffer[start] === 0x50) {
      this.send('PONG')
      return
    }
    const id = readNumber(buffer, start + idAt)
    if (this.answer(id, buffer, start, end)) return
    if (this.#subscriptions.has(id)) this.event(buffer, start, end)
  }

  protected isRepeat(): boolean {
    return false
  }

  protected positionOf(buffer: Buffer, start: number, end: number): string {
    const at = buffer.indexOf(itemKey, start)
    if (at < 0 || at >= end) return ''
    return String(readNumber(buffer, at + itemKey.length))
  }
}

function call(id: number, method: string, path: string, input: object): string {
  return JSON.stringify({ id, method, params: { path, input } })
}

/** (c): tRPC's own WebSocket adapter. */
export const prepareStockTrpc: Prepare = (options) =>
  preparePeer(
    {
      name: 'trpc',
      folder: 'stock-trpc',
      canResume: true,
      connect: ({ port }, person, connection) => new StockTrpcConnection(port, person, connection),
    },
    options,
  )
