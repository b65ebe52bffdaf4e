import type { Connection } from '~/lib/connection.ts'
import { Store } from '~/lib/store.ts'
import { failureOf, isPassing, type Api } from '~/lib/trpc.ts'
import { fadeHints, noHints, stopTyping, takeHint, type Hints } from './hints.ts'

const presenceEveryMs = 25_000
const typingEveryMs = 3_000
/** Untouched for this long, hidden or not: whoever looks at another window for a moment has not gone away. */
const idleAfterMs = 5 * 60_000

/** Hears who is here and who types, and tells the same of this device. Nothing of it is kept or repeated. */
export class HintClient {
  readonly hints = new Store<Hints>(noHints)
  readonly #api: Api
  readonly #connection: Connection
  #subscription: { unsubscribe(): void } | null = null
  #stops: (() => void)[] = []
  #lastTyping = 0
  #lastTouch = 0

  constructor(api: Api, connection: Connection) {
    this.#api = api
    this.#connection = connection
  }

  start(): void {
    this.#touched()
    const tick = setInterval(() => this.hints.update((h) => fadeHints(h, Date.now())), 1_000)
    const beat = setInterval(() => this.#tellPresence(), presenceEveryMs)
    const touched = () => this.#touched()
    const events = ['pointerdown', 'keydown'] as const
    for (const name of events) window.addEventListener(name, touched, { passive: true })
    document.addEventListener('visibilitychange', touched)
    this.#stops = [
      () => clearInterval(tick),
      () => clearInterval(beat),
      ...events.map((name) => () => window.removeEventListener(name, touched)),
      () => document.removeEventListener('visibilitychange', touched),
      this.#connection.generation.subscribe(() => this.#subscribe()),
      // As soon as there is a way: whoever waits for the next beat is not here for half a minute.
      this.#connection.state.subscribe(() => this.#tellPresence()),
      () => this.#subscription?.unsubscribe(),
    ]
    this.#subscribe()
  }

  stop(): void {
    for (const stop of this.#stops) stop()
    this.#stops = []
  }

  /** The person is typing here; told at most every three seconds. */
  type(threadId: string): void {
    if (Date.now() - this.#lastTyping < typingEveryMs) return
    this.#lastTyping = Date.now()
    this.#tell({ type: 'typing', threadId })
  }

  stoppedTyping(threadId: string, userId: string): void {
    this.hints.update((hints) => stopTyping(hints, threadId, userId))
  }

  #subscribe(): void {
    this.#subscription?.unsubscribe()
    if (this.#connection.state.get().type === 'waiting') return
    this.#subscription = this.#api.hints.stream.subscribe(undefined, {
      onData: (hint) => this.hints.update((hints) => takeHint(hints, hint, Date.now())),
      // Hints are a courtesy: without them the page is whole, and the next socket asks again.
      onError: () => undefined,
    })
  }

  #touched(): void {
    const wasIdle = Date.now() - this.#lastTouch > idleAfterMs
    this.#lastTouch = Date.now()
    if (wasIdle) this.#tellPresence()
  }

  #tellPresence(): void {
    const active = Date.now() - this.#lastTouch < idleAfterMs
    this.#tell({ type: 'presence', state: active ? 'active' : 'idle' })
  }

  #tell(hint: Parameters<Api['hints']['send']['mutate']>[0]): void {
    if (this.#connection.state.get().type !== 'open') return
    this.#api.hints.send.mutate(hint).catch((error: unknown) => {
      // A lost hint is replaced by the next one; a refused one is a defect and has to be seen.
      if (!isPassing(failureOf(error)) && failureOf(error).status !== 401) reportError(error)
    })
  }
}
