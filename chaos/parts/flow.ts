import type { Socket } from 'node:net'
import type { Weather } from './link.ts'

const trickleMs = 1_000

/** One direction of a connection through a link. */
export class Flow {
  /** Something vanished: what comes after it would make no sense, so nothing passes any more. */
  isDead = false
  readonly #from: Socket
  readonly #to: Socket
  readonly #weather: () => Weather
  readonly #allows: () => boolean
  /** Chunks that wait, the end of the stream as null. */
  readonly #waiting: (Buffer | null)[] = []
  #timer: NodeJS.Timeout | null = null
  #isBlocked = false

  /** @param allows asked before each chunk is passed on; false when the connection has been ended instead. */
  constructor(from: Socket, to: Socket, weather: () => Weather, allows: () => boolean) {
    this.#from = from
    this.#to = to
    this.#weather = weather
    this.#allows = allows
    from.on('data', (chunk) => this.#take(chunk))
    from.on('end', () => this.#take(null))
    to.on('drain', () => {
      this.#isBlocked = false
      this.#move()
    })
    this.weatherChanged()
  }

  weatherChanged(): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    const { kind } = this.#weather()
    if (kind === 'half-open') this.isDead = true
    this.#move()
  }

  stop(): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    this.#waiting.length = 0
    this.isDead = true
  }

  #take(chunk: Buffer | null): void {
    if (this.isDead) return
    this.#waiting.push(chunk)
    this.#move()
  }

  #move(): void {
    if (this.isDead) {
      this.#waiting.length = 0
      this.#from.resume()
      return
    }
    const weather = this.#weather()
    if (weather.kind === 'stalled') this.#from.pause()
    else if (weather.kind === 'trickle') this.#later(trickleMs, () => this.#passByte())
    else if (weather.kind === 'slow')
      this.#later(weather.milliseconds(), () => this.#pass(this.#waiting.shift()))
    else this.#passAll()
  }

  /** Once the time has come, one piece; then on with what waits. Meanwhile the sender is held back. */
  #later(milliseconds: number, pass: () => void): void {
    if (this.#timer || this.#waiting.length === 0) return
    this.#from.pause()
    this.#timer = setTimeout(() => {
      this.#timer = null
      pass()
      if (this.#waiting.length === 0) this.#from.resume()
      else this.#move()
    }, milliseconds)
  }

  #passByte(): void {
    const chunk = this.#waiting.shift()
    if (chunk && chunk.length > 1) this.#waiting.unshift(chunk.subarray(1))
    this.#pass(chunk?.subarray(0, 1) ?? chunk)
  }

  #passAll(): void {
    while (!this.#isBlocked && this.#waiting.length > 0) this.#pass(this.#waiting.shift())
    if (this.#isBlocked) this.#from.pause()
    else this.#from.resume()
  }

  #pass(chunk: Buffer | null | undefined): void {
    if (chunk === undefined || !this.#allows()) return
    if (this.#to.destroyed || this.#to.writableEnded) return
    if (chunk === null) this.#to.end()
    else if (!this.#to.write(chunk)) this.#isBlocked = true
  }
}
