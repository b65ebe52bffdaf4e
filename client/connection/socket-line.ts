import { errorOfShape, SkeinError } from '../skein-error.ts'
import { lineTimes, type Ears, type Line, type LineEvents, type LineTimes } from './line.ts'

export interface SocketLineOptions {
  /** ws://… or wss://… */
  url: string
  token: () => Promise<string | undefined>
  WebSocket: typeof WebSocket
  times?: LineTimes
}

/** Frames of tRPC's protocol over WebSocket, as the server sends them. */
interface Frame {
  id?: number | null
  method?: string
  result?: { type: string; id?: string; data?: unknown }
  error?: unknown
}

/**
 * One WebSocket that speaks tRPC's protocol for subscriptions. The facts have the id 1 on every connection: the server
 * then writes one frame for all of its readers.
 */
export class SocketLine implements Line {
  readonly #options: SocketLineOptions
  readonly #events: LineEvents
  readonly #times: LineTimes
  readonly #ears = new Map<number, Ears>()
  /** Ended here, not yet by the server: frames of theirs may still be on the way, so the ids are not used again. */
  readonly #ending = new Set<number>()
  #socket: WebSocket | null = null
  #unsent: string[] = []
  #timer: ReturnType<typeof setTimeout>
  /** What the server said before it closed. */
  #told: SkeinError | null = null
  #closed = false

  constructor(options: SocketLineOptions, events: LineEvents) {
    this.#options = options
    this.#events = events
    this.#times = options.times ?? lineTimes
    this.#timer = setTimeout(() => this.#lose('No connection in time.'), this.#times.openMs)
    this.#open().catch((error: unknown) => this.#lose('No connection could be opened.', error))
  }

  subscribe(path: string, input: unknown, ears: Ears): () => void {
    const id = this.#freeId(path)
    this.#ears.set(id, ears)
    this.#send({ id, method: 'subscription', params: { path, input } })
    return () => {
      if (!this.#ears.delete(id)) return
      this.#ending.add(id)
      this.#send({ id, method: 'subscription.stop' })
    }
  }

  close(): void {
    this.#release()
    this.#socket?.close()
  }

  async #open(): Promise<void> {
    const { url, token, WebSocket } = this.#options
    const bearer = await token()
    if (this.#closed) return
    const socket = new WebSocket(bearer === undefined ? url : `${url}?connectionParams=1`)
    this.#socket = socket
    socket.addEventListener('open', () => {
      if (this.#closed) return socket.close()
      if (bearer !== undefined) {
        socket.send(JSON.stringify({ method: 'connectionParams', data: { token: bearer } }))
      }
      const unsent = this.#unsent
      this.#unsent = []
      for (const text of unsent) socket.send(text)
      this.#listen()
      this.#events.opened()
    })
    socket.addEventListener('message', ({ data }) => this.#receive(data))
    socket.addEventListener('close', ({ code, reason }) => this.#closedBy(code, reason))
    socket.addEventListener('error', () => this.#lose('The connection failed.'))
  }

  /** After some silence the peer is asked for a sign of life; without one it is gone, whatever TCP believes. */
  #listen(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.#socket?.send('PING')
      const gone = () => this.#lose('The server gave no sign of life.')
      this.#timer = setTimeout(gone, this.#times.answerMs)
    }, this.#times.silenceMs)
  }

  #receive(data: unknown): void {
    if (this.#closed) return
    this.#listen()
    if (data === 'PONG') return
    if (data === 'PING') return this.#socket?.send('PONG')
    let frame: Frame
    try {
      frame = JSON.parse(String(data)) as Frame
    } catch (error) {
      return this.#lose('The server sent something that is not Skein.', error)
    }
    if (frame.method === 'reconnect') return this.#events.moving()
    const { id, result, error } = frame
    if (error !== undefined) return this.#fail(id, error)
    if (typeof id !== 'number') return
    if (result?.type === 'data') this.#ears.get(id)?.data(result.data, result.id)
    else if (result?.type === 'stopped') this.#take(id)?.ended(null)
  }

  #fail(id: number | null | undefined, shape: unknown): void {
    const error =
      errorOfShape(shape) ?? new SkeinError('NOT_SKEIN', 'The server sent an unknown error.')
    if (typeof id === 'number') this.#take(id)?.ended(error)
    else this.#told = error
  }

  #take(id: number): Ears | undefined {
    const ears = this.#ears.get(id)
    this.#ears.delete(id)
    this.#ending.delete(id)
    return ears
  }

  #freeId(path: string): number {
    let id = path === 'events.stream' ? 1 : 2
    while (this.#ears.has(id) || this.#ending.has(id)) id++
    return id
  }

  #send(message: object): void {
    const text = JSON.stringify(message)
    const { WebSocket } = this.#options
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(text)
    else if (!this.#closed) this.#unsent.push(text)
  }

  #closedBy(code: number, reason: string): void {
    const message = reason || 'The connection was closed.'
    if (this.#told) this.#lost(this.#told)
    else if (code === 4401) this.#lost(new SkeinError('NOT_SIGNED_IN', message, { status: 401 }))
    else if (code === 4403) this.#lost(new SkeinError('SESSION_ENDED', message, { status: 401 }))
    else if (code === 4429) this.#lost(new SkeinError('RATE_LIMITED', message, { status: 429 }))
    else this.#lose(message)
  }

  #lose(message: string, cause?: unknown): void {
    this.#lost(new SkeinError('NO_ANSWER', message, { cause }))
  }

  #lost(error: SkeinError): void {
    if (this.#closed) return
    this.close()
    this.#events.lost(error)
  }

  #release(): void {
    this.#closed = true
    this.#ears.clear()
    this.#unsent = []
    clearTimeout(this.#timer)
  }
}
