import type { MyThread } from '../../server/features/threads/threads.schema.ts'
import {
  emptyLive,
  fold,
  holesOf,
  threadsBehind,
  withoutStale,
  withPage,
  withThread,
  withThreads,
  type Item,
  type Live,
} from '../../client/fold.ts'
import type { Timeline } from '../../client/timeline.ts'
import type { Connection } from './connection.ts'
import { type Store } from './store.ts'
import { failureOf, isPassing, type Api } from './trpc.ts'

export interface LiveClientOptions {
  api: Api
  connection: Connection
  live: Store<Live>
  /** The session is over: nothing here belongs to anybody any more. */
  onSignedOut: () => void
}

const retryMs = 3_000
/** Time for held events to find their turn before the page is read again. */
const holeMs = 2_000
const behindMs = 1_500
const pageSize = 50

/**
 * Keeps `live` true: subscribes where the last item ended, folds what comes, and reads again what events alone
 * cannot tell.
 */
export class LiveClient {
  readonly #options: LiveClientOptions
  readonly #asking = new Set<string>()
  #subscription: { unsubscribe(): void } | null = null
  #timers = new Set<ReturnType<typeof setTimeout>>()
  #stopWatching: () => void = () => undefined
  #generation = 0

  constructor(options: LiveClientOptions) {
    this.#options = options
  }

  start(): void {
    const { connection } = this.#options
    this.#stopWatching = connection.generation.subscribe(() => this.#subscribe())
    if (connection.generation.get() > 0) this.#subscribe()
    this.#catchUp()
  }

  stop(): void {
    this.#generation++
    this.#stopWatching()
    this.#subscription?.unsubscribe()
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
    const { api, live } = this.#options
    try {
      const { thread } = await api.threads.get.query({ threadId })
      live.update((state) => withThread(state, thread))
      return thread
    } catch (error) {
      if (failureOf(error).status === 404) live.update((state) => withoutStale(state, threadId))
      throw error
    }
  }

  /** Begins anew from what the server holds, keeping what is on screen until it is there. */
  async reload(): Promise<void> {
    const { api, live } = this.#options
    const { cursor } = await api.events.cursor.query()
    const threads: MyThread[] = []
    let after: string | undefined
    do {
      const page = await api.threads.list.query({ limit: 500, after })
      threads.push(...page.threads)
      after = page.next ?? undefined
    } while (after)
    const open = Object.keys(live.get().timelines)
    const pages = await Promise.all(
      open.map(async (threadId) => [threadId, await this.#list(threadId, {})] as const),
    )
    live.update(({ viewer }) => {
      const fresh = emptyLive(viewer, cursor)
      return pages.reduce(
        (state, [threadId, page]) => withPage(state, threadId, page, 'only'),
        withThreads(fresh, threads),
      )
    })
    this.#subscribe()
  }

  #subscribe(): void {
    const { api, connection, live } = this.#options
    const generation = ++this.#generation
    this.#subscription?.unsubscribe()
    if (connection.state.get().type === 'waiting') return
    const cursor = live.get().cursor ?? undefined
    this.#subscription = api.events.stream.subscribe(
      { cursor },
      {
        onData: (item) => {
          if (generation === this.#generation) this.#take(item.data)
        },
        onError: (error) => {
          if (generation === this.#generation) this.#refused(error)
        },
        onComplete: () => {
          if (generation === this.#generation) this.#later(retryMs, () => this.#subscribe())
        },
      },
    )
  }

  #take(item: Item): void {
    const { live } = this.#options
    live.update((state) => fold(state, item))
    this.#catchUp()
    if (holesOf(live.get()).length > 0) {
      this.#later(holeMs, () => {
        if (holesOf(live.get()).length > 0) void this.#attempt('reload', () => this.reload())
      })
    }
  }

  #refused(error: unknown): void {
    const failure = failureOf(error)
    if (failure.status === 401) this.#options.onSignedOut()
    else if (failure.reason?.startsWith('CURSOR_'))
      void this.#attempt('reload', () => this.reload())
    // The socket itself is gone: the next one subscribes anew.
    else if (failure.status !== null) {
      this.#later(failure.retryAfterMs ?? retryMs, () => this.#subscribe())
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
  async #attempt(task: string, run: () => Promise<unknown>): Promise<void> {
    if (this.#asking.has(task)) return
    this.#asking.add(task)
    try {
      await run()
    } catch (error) {
      const failure = failureOf(error)
      if (failure.status === 401) this.#options.onSignedOut()
      if (isPassing(failure)) this.#later(retryMs, () => void this.#attempt(task, run))
    } finally {
      this.#asking.delete(task)
    }
  }

  async #list(
    threadId: string,
    range: { before?: number; after?: number; around?: number },
  ): Promise<Timeline> {
    return this.#options.api.messages.list.query({ threadId, limit: pageSize, ...range })
  }

  #later(ms: number, run: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      run()
    }, ms)
    this.#timers.add(timer)
  }
}
