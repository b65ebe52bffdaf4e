import type { Inputs, SkeinClient } from '../../../client/index.ts'
import { reportFailure } from '~/lib/report-failure.ts'
import { Store } from '~/lib/store.ts'
import { fadeHints, noHints, stopTyping, takeHint, type Hints } from './hints.ts'

const presenceEveryMs = 25_000
const typingEveryMs = 3_000
/** Untouched for this long, hidden or not: whoever looks at another window for a moment has not gone away. */
const idleAfterMs = 5 * 60_000

/** Hears who is here and who types, and tells the same of this device. Nothing of it is kept or repeated. */
export class HintClient {
  readonly hints = new Store<Hints>(noHints)
  readonly #skein: SkeinClient
  #stops: (() => void)[] = []
  #lastTyping = 0
  #lastTouch = 0

  constructor(skein: SkeinClient) {
    this.#skein = skein
  }

  start(): void {
    const { api, connection } = this.#skein
    this.#touched()
    const tick = setInterval(() => this.hints.update((h) => fadeHints(h, Date.now())), 1_000)
    const beat = setInterval(() => this.#tellPresence(), presenceEveryMs)
    const touched = () => this.#touched()
    const events = ['pointerdown', 'keydown'] as const
    for (const name of events) window.addEventListener(name, touched, { passive: true })
    document.addEventListener('visibilitychange', touched)
    // A subscription of its own beside the facts, on the same connection: the client keeps both open.
    const subscription = api.hints.stream.subscribe(undefined, {
      onData: (hint) => this.hints.update((hints) => takeHint(hints, hint, Date.now())),
      // Hints are a courtesy: without them the page is whole.
      onError: reportFailure,
    })
    this.#stops = [
      () => clearInterval(tick),
      () => clearInterval(beat),
      ...events.map((name) => () => window.removeEventListener(name, touched)),
      () => document.removeEventListener('visibilitychange', touched),
      // As soon as there is a way: whoever waits for the next beat is not here for half a minute.
      connection.subscribe(() => this.#tellPresence()),
      () => subscription.unsubscribe(),
    ]
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

  #touched(): void {
    const wasIdle = Date.now() - this.#lastTouch > idleAfterMs
    this.#lastTouch = Date.now()
    if (wasIdle) this.#tellPresence()
  }

  #tellPresence(): void {
    const active = Date.now() - this.#lastTouch < idleAfterMs
    this.#tell({ type: 'presence', state: active ? 'active' : 'idle' })
  }

  #tell(hint: Inputs['hints']['send']): void {
    const { api, connection } = this.#skein
    if (connection.getSnapshot().type !== 'live') return
    // A lost hint is replaced by the next one.
    api.hints.send.mutate(hint).catch(reportFailure)
  }
}
