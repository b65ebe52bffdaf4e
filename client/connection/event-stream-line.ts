import { errorOfResponse, errorOfShape, SkeinError, skeinErrorOf } from '../skein-error.ts'
import { lineTimes, type Ears, type Line, type LineEvents, type LineTimes } from './line.ts'
import { readEventStream, type StreamedEvent } from './read-event-stream.ts'

export interface EventStreamLineOptions {
  /** http(s)://…/trpc */
  url: string
  token: () => Promise<string | undefined>
  fetch: typeof fetch
  times?: LineTimes
}

/**
 * Subscriptions as server-sent events, one request each, read through `fetch`: an EventSource cannot say who it is
 * without putting the token into the address, where logs would keep it.
 */
export class EventStreamLine implements Line {
  readonly #options: EventStreamLineOptions
  readonly #events: LineEvents
  readonly #times: LineTimes
  readonly #open = new Set<AbortController>()
  #closed = false

  constructor(options: EventStreamLineOptions, events: LineEvents) {
    this.#options = options
    this.#events = events
    this.#times = options.times ?? lineTimes
  }

  subscribe(path: string, input: unknown, ears: Ears): () => void {
    const abort = new AbortController()
    this.#open.add(abort)
    const stop = () => {
      this.#open.delete(abort)
      abort.abort()
    }
    const ended = (error: SkeinError | null) => {
      if (abort.signal.aborted) return
      stop()
      ears.ended(error)
    }
    this.#read(path, input, abort, { data: ears.data.bind(ears), ended }).catch(
      (error: unknown) => {
        if (abort.signal.aborted) return
        const failure = skeinErrorOf(error)
        const isOurs = failure.reason !== 'NO_ANSWER' && failure.reason !== 'NOT_SKEIN'
        if (isOurs) ended(failure)
        else this.#lose(failure)
      },
    )
    return stop
  }

  close(): void {
    this.#closed = true
    for (const abort of this.#open) abort.abort()
    this.#open.clear()
  }

  async #read(path: string, input: unknown, abort: AbortController, ears: Ears): Promise<void> {
    const { openMs, silenceMs, answerMs } = this.#times
    const silence = new Silence((message) => this.#lose(new SkeinError('NO_ANSWER', message)))
    try {
      silence.expect(openMs)
      const response = await this.#ask(path, input, abort.signal)
      if (!response.body) throw errorOfResponse(response)
      for await (const event of readEventStream(response.body)) {
        // Stopped meanwhile; what comes is nobody's any more.
        if (abort.signal.aborted) return
        silence.expect(silenceMs + answerMs)
        tell(read(event, ears, this.#events))
        if (event.event === 'serialized-error' || event.event === 'return') return
      }
      throw new SkeinError('NO_ANSWER', 'The connection was closed.')
    } finally {
      silence.end()
    }
  }

  async #ask(path: string, input: unknown, signal: AbortSignal): Promise<Response> {
    const { url, token, fetch } = this.#options
    const bearer = await token()
    const query = input === undefined ? '' : `?input=${encodeURIComponent(JSON.stringify(input))}`
    const response = await fetch(`${url}/${path}${query}`, {
      headers: {
        accept: 'text/event-stream',
        ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
      },
      cache: 'no-store',
      signal,
    })
    const type = response.headers.get('content-type') ?? ''
    if (response.ok && type.startsWith('text/event-stream')) return response
    const answer: unknown = type.startsWith('application/json') ? await response.json() : null
    throw errorOfShape((answer as { error?: unknown } | null)?.error) ?? errorOfResponse(response)
  }

  #lose(error: SkeinError): void {
    if (this.#closed) return
    this.close()
    this.#events.lost(error)
  }
}

/** @returns tells whom it concerns */
function read({ event, data, id }: StreamedEvent, ears: Ears, line: LineEvents): () => void {
  if (event === 'connected') return () => line.opened()
  if (event === 'return') return () => ears.ended(null)
  if (event === 'serialized-error') {
    const error =
      errorOfShape(JSON.parse(data)) ??
      new SkeinError('NOT_SKEIN', 'The server sent an unknown error.')
    return () => ears.ended(error)
  }
  if (event !== 'message') return () => undefined
  const value: unknown = JSON.parse(data)
  // In the form that a socket has it, too.
  return () => ears.data(id === undefined ? value : { id, data: value }, id)
}

/** What whoever listens throws is uncaught, as it is from the listener of a socket: the line has no part in it. */
function tell(whom: () => void): void {
  try {
    whom()
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
  }
}

/** The server pings every 15 s; who hears nothing for longer is alone. */
class Silence {
  readonly #broken: (message: string) => void
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(broken: (message: string) => void) {
    this.#broken = broken
  }

  expect(withinMs: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#broken('The server gave no sign of life.'), withinMs)
  }

  end(): void {
    clearTimeout(this.#timer)
  }
}
