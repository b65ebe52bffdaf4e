/**
 * A stretch of network that can fail: a TCP proxy on loopback between two parts. New connections go to `target`, and
 * all of them live in the link's weather:
 *
 *   clear      bytes pass
 *   slow       each chunk waits some milliseconds, in order
 *   trickle    one byte a second
 *   stalled    nothing passes and nothing is lost: it goes on when the weather clears
 *   half-open  bytes and ends vanish; neither side hears of the other again, on these connections, for ever
 *   refused    new connections are reset; those that are open are not touched
 */
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { Flow } from './flow.ts'

export type Weather =
  | { kind: 'clear' }
  | { kind: 'slow'; milliseconds: () => number }
  | { kind: 'trickle' }
  | { kind: 'stalled' }
  | { kind: 'half-open' }
  | { kind: 'refused' }

interface Pair {
  client: Socket
  server: Socket
  flows: readonly Flow[]
}

export class Link {
  /** Where it leads, a port of loopback; 0 leads nowhere. */
  target: number
  /** Asked once for each connection when its first answer comes; true cuts the connection instead of passing it on. */
  cutsAnswer: () => boolean = () => false
  /** Connections that were cut in place of their first answer. */
  answersCut = 0
  readonly #server: Server
  readonly #pairs = new Set<Pair>()
  /** Where it is entered; kept when it is closed. */
  readonly port: number
  #weather: Weather = { kind: 'clear' }

  private constructor(server: Server, target: number) {
    this.#server = server
    this.port = (server.address() as AddressInfo).port
    this.target = target
    server.on('connection', (client) => this.#join(client))
  }

  static async open(target = 0): Promise<Link> {
    const server = createServer({ allowHalfOpen: true, noDelay: true }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new Link(server, target)
  }

  get connections(): number {
    return this.#pairs.size
  }

  get weather(): Weather {
    return this.#weather
  }

  set weather(weather: Weather) {
    this.#weather = weather
    for (const { flows } of this.#pairs) for (const flow of flows) flow.weatherChanged()
  }

  /** Breaks open connections off with a reset, on both sides. */
  reset(): void {
    for (const pair of this.#pairs) this.#part(pair)
  }

  /** Resets everything, and takes nothing more. */
  async close(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.reset()
    await closed
  }

  #join(client: Socket): void {
    client.on('error', () => client.destroy())
    if (this.#weather.kind === 'refused' || this.target === 0) {
      client.resetAndDestroy()
      return
    }
    const server = connect({
      port: this.target,
      host: '127.0.0.1',
      allowHalfOpen: true,
      noDelay: true,
    })
    const weather = () => this.#weather
    let answered = false
    const flows = [
      new Flow(client, server, weather, () => true),
      new Flow(server, client, weather, () => {
        if (answered) return true
        answered = true
        if (!this.cutsAnswer()) return true
        this.answersCut++
        this.#part(pair)
        return false
      }),
    ]
    const pair: Pair = { client, server, flows }
    this.#pairs.add(pair)
    server.on('error', () => server.destroy())
    // Whoever goes takes the other one along, unless the news is lost on the way.
    client.on('close', () => this.#gone(pair, server))
    server.on('close', () => this.#gone(pair, client))
  }

  #gone(pair: Pair, other: Socket): void {
    if (pair.client.destroyed && pair.server.destroyed) this.#pairs.delete(pair)
    if (pair.flows.some(({ isDead }) => isDead)) return
    for (const flow of pair.flows) flow.stop()
    other.destroySoon()
  }

  #part(pair: Pair): void {
    for (const flow of pair.flows) flow.stop()
    this.#pairs.delete(pair)
    pair.client.resetAndDestroy()
    pair.server.resetAndDestroy()
  }
}
