import type { Message } from '../../../server/features/messages/messages.schema.ts'
import type { Self } from '../../../server/features/people/people.schema.ts'
import type { MyThread } from '../../../server/features/threads/threads.schema.ts'
import {
  emptyLive,
  withMessage,
  withoutTimeline,
  withPage,
  withReadPosition,
  withThread,
  withThreads,
  type Live,
} from '../../../client/fold.ts'
import { SkeinError, type SkeinClient } from '../../../client/index.ts'
import type { Timeline } from '../../../client/timeline.ts'
import { Deletions } from '~/features/messages/deletions.ts'
import { Drafts } from '~/features/messages/drafts.ts'
import { Outbox, type PendingMessage, type SendOutcome } from '~/features/messages/outbox.ts'
import { outcomeOf } from '~/features/messages/outcome-of.ts'
import { HintClient } from '~/features/presence/hint-client.ts'
import { PersonNames } from '~/features/presence/person-names.ts'
import { ReadPositions } from '~/features/threads/read-positions.ts'
import { LiveClient } from '~/lib/live-client.ts'
import { browserStorage, LocalStore } from '~/lib/local-store.ts'
import { newId } from '~/lib/new-id.ts'
import { createPageClient } from '~/lib/page-client.ts'
import { paths } from '~/lib/paths.ts'
import { Store } from '~/lib/store.ts'

/** What the server rendered the page from. */
export interface SessionStart {
  viewer: Self
  /** Asked for before the rest was read. */
  cursor: string
  threads: readonly MyThread[]
  /** Longest message, in characters. */
  messageLength: number
  /** The thread that the page opens with. */
  opened: { thread: MyThread; page: Timeline } | null
}

/** Everything that one signed-in person's page holds; made on the server too, started in the browser only. */
export class Session {
  /** Who I am, as of the latest answer of the server. */
  readonly self: Store<Self>
  readonly messageLength: number
  readonly live: Store<Live>
  /** The server: calls, facts, and how the page is connected. */
  readonly skein: SkeinClient
  readonly client: LiveClient
  readonly outbox: Outbox
  readonly drafts: Drafts
  readonly hints: HintClient
  readonly people: PersonNames
  readonly deletions: Deletions
  readonly #local: LocalStore
  readonly #reading = new ReadPositions()
  #stops: (() => void)[] = []

  constructor({ viewer, cursor, threads, messageLength, opened }: SessionStart) {
    this.self = new Store(viewer)
    this.messageLength = messageLength
    const listed = withThreads(emptyLive(viewer), threads)
    this.live = new Store(
      opened
        ? withPage(withThread(listed, opened.thread), opened.thread.id, opened.page, 'only')
        : listed,
    )
    this.#local = new LocalStore(browserStorage(), viewer.id)
    this.skein = createPageClient()
    this.client = new LiveClient({
      skein: this.skein,
      live: this.live,
      cursor,
      onSignedOut: () => this.#signedOut(),
    })
    this.drafts = new Drafts(this.#local)
    this.deletions = new Deletions(async (messageId) => {
      const { message } = await this.api.messages.delete.mutate({ messageId })
      this.settle(message)
    })
    this.hints = new HintClient(this.skein)
    this.people = new PersonNames(async (personId) => {
      const { person } = await this.api.people.get.query({ personId })
      return person.name
    })
    this.outbox = new Outbox({
      store: this.#local,
      send: (message, signal) => this.#send(message, signal),
      newId,
      now: () => new Date(),
      exclusively: oneTabAtATime(viewer.id),
      wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    })
  }

  get api(): SkeinClient['api'] {
    return this.skein.api
  }

  get viewer(): Self {
    return this.self.get()
  }

  /** Takes what the server rendered the shell from anew, after a form changed something. */
  refresh({ viewer, threads }: Pick<SessionStart, 'viewer' | 'threads'>): void {
    this.self.update(() => viewer)
    this.live.update((live) => withThreads(live, threads))
  }

  start(): void {
    const { connection } = this.skein
    const wake = () => {
      this.outbox.wake()
      this.#reading.wake()
    }
    const online = () => {
      connection.retryNow()
      wake()
    }
    const stored = (event: StorageEvent) => {
      if (this.#local.owns(event.key)) this.outbox.reload()
    }
    window.addEventListener('online', online)
    const offline = () => connection.doubt()
    window.addEventListener('offline', offline)
    // A device that slept comes back at once, not at the next try.
    const returned = () => {
      if (document.visibilityState === 'visible') connection.retryNow()
    }
    const leaving = () => this.deletions.flush()
    window.addEventListener('storage', stored)
    window.addEventListener('pagehide', leaving)
    document.addEventListener('visibilitychange', returned)
    this.client.start()
    this.hints.start()
    this.outbox.start()
    this.#stops = [
      () => window.removeEventListener('online', online),
      () => window.removeEventListener('offline', offline),
      () => window.removeEventListener('storage', stored),
      () => window.removeEventListener('pagehide', leaving),
      () => document.removeEventListener('visibilitychange', returned),
      connection.subscribe(() => {
        if (connection.getSnapshot().type === 'live') wake()
      }),
      () => this.outbox.close(),
      () => this.hints.stop(),
      () => this.client.stop(),
    ]
  }

  stop(): void {
    for (const stop of this.#stops) stop()
    this.#stops = []
  }

  /** Takes an answer of the server to a send, an edit or a deletion. */
  settle(message: Message): void {
    this.live.update((live) => withMessage(live, message))
  }

  /** Everything up to `seq` was seen; painted at once, told to the server. */
  markRead(threadId: string, seq: number): void {
    this.live.update((live) => withReadPosition(live, threadId, seq))
    this.#reading.tell(threadId, () => this.api.threads.markRead.mutate({ threadId, seq }))
  }

  /** Everything from `seq` on is unread again. */
  markUnread(threadId: string, seq: number): void {
    this.live.update((live) => withReadPosition(live, threadId, seq - 1))
    this.#reading.tell(threadId, () => this.api.threads.markUnread.mutate({ threadId, seq }))
  }

  /** Lets go of a thread's messages when they are not its newest ones. */
  forgetPast(threadId: string): void {
    if (!this.live.get().timelines[threadId]?.hasNewer) return
    this.live.update((live) => withoutTimeline(live, threadId))
  }

  /** Leaves nothing of this person in the browser. */
  forget(): void {
    this.#local.clear()
  }

  async #send(
    { threadId, clientId, text }: PendingMessage,
    signal: AbortSignal,
  ): Promise<SendOutcome> {
    try {
      this.settle(await this.skein.send({ threadId, clientId, text, signal }))
      return { type: 'sent' }
    } catch (error) {
      if (error instanceof SkeinError && error.status === 401) this.#signedOut()
      return outcomeOf(error)
    }
  }

  #signedOut(): void {
    location.assign(paths.signIn(location.pathname + location.search))
  }
}

/** Web Locks where the browser has them; elsewhere the server's clientId still makes every send happen once. */
function oneTabAtATime(personId: string) {
  return async (name: string, task: () => Promise<void>): Promise<void> => {
    if (typeof navigator === 'undefined' || !('locks' in navigator)) return task()
    await navigator.locks.request(`skein:${personId}:${name}`, task)
  }
}
