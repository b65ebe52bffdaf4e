import type { MyThread } from '../../server/features/threads/threads.schema.ts'
import { reconnectDelay } from '../../client/connection/delay.ts'
import {
  emptyLive,
  fold,
  threadsBehind,
  withoutStale,
  withPage,
  withThread,
  withThreads,
  type Live,
} from '../../client/fold.ts'
import {
  SkeinError,
  type Following,
  type SkeinClient,
  type SkeinEvent,
  type StartPosition,
} from '../../client/index.ts'
import type { Timeline } from '../../client/timeline.ts'
import { reportFailure } from './report-failure.ts'
import type { Store } from './store.ts'

export interface LiveClientOptions {
  skein: SkeinClient
  live: Store<Live>
  /** Where the facts go on from what `live` was made of: asked for before that was read. */
  cursor: string
  /** The session is over: nothing here belongs to anybody any more. */
  onSignedOut: () => void
}

const behindMs = 1_500
const pageSize = 50

/**
 * Keeps `live` true: follows the facts from where the page was rendered, folds them, and reads again what events alone
 * cannot tell. Its position is kept nowhere: a page that is loaded anew begins with the server's state and its cursor.
 */
export class LiveClient {
  readonly #options: LiveClientOptions
  readonly #asking = new Set<string>()
  readonly #timers = new Set<ReturnType<typeof setTimeout>>()
  #from: StartPosition
  #following: Following | null = null
  #stopped = false
  /** Of readings and follows, since the last fact was taken. */
  #failures = 0

  constructor(options: LiveClientOptions) {
    this.#options = options
    this.#from = { cursor: options.cursor }
  }

  start(): void {
    this.#stopped = false
    this.#follow(this.#from)
    this.#catchUp()
  }

  stop(): void {
    this.#stopped = true
    this.#from = this.#following?.position ?? this.#from
    void this.#following?.stop()
    this.#following = null
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
  }

  /** Reads the newest page of a thread, or the one around a seq, in place of what is loaded. */
  async openThread(threadId: string, around?: number): Promise<void> {
    const page = await this.#list(threadId, around === undefined ? {} : { around })
    this.#options.live.update((live) => withPage(live, threadId, page, 'only'))
    this.#catchUp()
  }

  /** Reads the page before or after what is loaded. */
  async readOn(threadId: string, side: 'older' | 'newer'): Promise<void> {
    const { live } = this.#options
    const loaded = live.get().timelines[threadId]?.messages
    const edge = side === 'older' ? loaded?.[0] : loaded?.at(-1)
    if (!edge) return this.openThread(threadId)
    const range = side === 'older' ? { before: edge.seq } : { after: edge.seq }
    const page = await this.#list(threadId, range)
    live.update((state) => withPage(state, threadId, page, side))
    this.#catchUp()
  }

  async readThread(threadId: string): Promise<MyThread> {
    const { live, skein } = this.#options
    try {
      const { thread } = await skein.api.threads.get.query({ threadId })
      live.update((state) => withThread(state, thread))
      return thread
    } catch (error) {
      if (isMissing(error)) live.update((state) => withoutStale(state, threadId))
      throw error
    }
  }

  #follow(cursor: StartPosition): void {
    const following = this.#options.skein.follow({
      cursor,
      onEvents: (events) => this.#take(events),
      // Folding is the same each time: what fails is read anew instead.
      attempts: 1,
      onReset: () => {
        this.#beginAnewLater()
        return 'stop'
      },
    })
    this.#following = following
    following.done.catch((error: unknown) => {
      if (this.#following === following) this.#ended(error)
    })
  }

  #take(events: readonly SkeinEvent[]): void {
    this.#options.live.update((live) => fold(live, events))
    this.#failures = 0
    this.#catchUp()
  }

  /** Nothing follows any more: whatever the reason, what the server holds now is right. */
  #ended(error: unknown): void {
    if (isSignedOut(error)) return this.#options.onSignedOut()
    reportFailure(error)
    this.#beginAnewLater(error)
  }

  #beginAnewLater(error?: unknown): void {
    this.#following = null
    this.#later(delayAfter(error, this.#failures++), () => void this.#beginAnew())
  }

  async #beginAnew(): Promise<void> {
    try {
      const cursor = await this.#reload()
      if (!this.#stopped) this.#follow(cursor)
    } catch (error) {
      this.#ended(error)
    }
  }

  /** Reads anew all that is shown, which stays on screen until then. @returns where the facts go on from it */
  async #reload(): Promise<StartPosition> {
    const { live, skein } = this.#options
    const { cursor } = await skein.api.events.cursor.query()
    const threads: MyThread[] = []
    let after: string | undefined
    do {
      const page = await skein.api.threads.list.query({ limit: 500, after })
      threads.push(...page.threads)
      after = page.next ?? undefined
    } while (after)
    const open = Object.keys(live.get().timelines)
    const pages = await Promise.all(open.map((threadId) => this.#pageIfOurs(threadId)))
    live.update(({ viewer }) =>
      pages.reduce(
        (state, page, at) => (page ? withPage(state, open[at] ?? '', page, 'only') : state),
        withThreads(emptyLive(viewer), threads),
      ),
    )
    return { cursor }
  }

  /** The newest page; null of a thread that is not ours to read any more. */
  async #pageIfOurs(threadId: string): Promise<Timeline | null> {
    try {
      return await this.#list(threadId, {})
    } catch (error) {
      if (isMissing(error)) return null
      throw error
    }
  }

  /** Asks again for what is known to be out of date. */
  #catchUp(): void {
    const state = this.#options.live.get()
    for (const threadId of state.stale) {
      void this.#attempt(`thread ${threadId}`, () => this.readThread(threadId))
    }
    if (threadsBehind(state).length > 0) this.#later(behindMs, () => this.#refreshBehind())
  }

  /** What the list already counts mostly is on its way here; only what did not come is asked for. */
  #refreshBehind(): void {
    for (const threadId of threadsBehind(this.#options.live.get())) {
      void this.#attempt(`page ${threadId}`, () => this.openThread(threadId))
    }
  }

  /** One try at a time of each task; what may pass is tried again later, what may not is let go. */
  async #attempt(task: string, run: () => Promise<unknown>, failures = 0): Promise<void> {
    if (this.#asking.has(task)) return
    this.#asking.add(task)
    try {
      await run()
    } catch (error) {
      if (isSignedOut(error)) this.#options.onSignedOut()
      else if (error instanceof SkeinError && error.passing)
        this.#later(delayAfter(error, failures), () => void this.#attempt(task, run, failures + 1))
      else reportFailure(error)
    } finally {
      this.#asking.delete(task)
    }
  }

  async #list(
    threadId: string,
    range: { before?: number; after?: number; around?: number },
  ): Promise<Timeline> {
    return this.#options.skein.api.messages.list.query({ threadId, limit: pageSize, ...range })
  }

  #later(ms: number, run: () => void): void {
    if (this.#stopped) return
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      run()
    }, ms)
    this.#timers.add(timer)
  }
}

/** Milliseconds. Many pages are told the same at the same moment: each waits for a time of its own. */
function delayAfter(error: unknown, failures: number): number {
  const asked = error instanceof SkeinError ? (error.retryAfter ?? 0) : 0
  return Math.max(reconnectDelay(failures), asked * 1_000)
}

function isSignedOut(error: unknown): boolean {
  return error instanceof SkeinError && error.status === 401
}

function isMissing(error: unknown): boolean {
  return error instanceof SkeinError && error.status === 404
}
