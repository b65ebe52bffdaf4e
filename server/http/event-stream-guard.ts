import type { Logger } from 'pino'
import type { Kysely } from 'kysely'
import type { Database } from '../../db/schema.ts'
import type { Actor } from '../context.ts'
import { findEndedCredentials } from '../features/accounts/find-ended-credentials.ts'
import { socketLimits } from './sockets/limits.ts'

/**
 * Event streams live by a session or a token, as sockets do. Its end is heard by the stream itself, if somebody ends it;
 * its time can be over, too, which nobody announces: then the stream is closed, and whoever comes back is told why.
 */
export class EventStreamGuard {
  readonly #db: Kysely<Database>
  readonly #log: Logger
  readonly #recheckMs: number
  readonly #open = new Map<() => void, Actor>()
  #timer: NodeJS.Timeout | undefined

  constructor(db: Kysely<Database>, log: Logger, recheckMs: number = socketLimits.recheckMs) {
    this.#db = db
    this.#log = log
    this.#recheckMs = recheckMs
  }

  /** The same answer, watched if it is a stream of events. No cache may keep it, and no proxy hold it back. */
  guard(response: Response, actor: Actor | null): Response {
    const { body, status } = response
    if (!body || !response.headers.get('content-type')?.startsWith('text/event-stream'))
      return response
    const headers = new Headers(response.headers)
    headers.set('cache-control', 'no-store, no-transform')
    headers.set('x-accel-buffering', 'no')
    return new Response(actor ? this.#watch(body, actor) : body, { status, headers })
  }

  #watch(body: ReadableStream<Uint8Array>, actor: Actor): ReadableStream<Uint8Array> {
    const reader = body.getReader()
    // Cancelling makes the read under way say that this is all.
    const end = () =>
      void reader.cancel().catch((error: unknown) => {
        this.#log.debug({ err: error }, 'an event stream that ended could not be cancelled')
      })
    this.#open.set(end, actor)
    this.#timer ??= setInterval(() => this.#recheck(), this.#recheckMs).unref()
    return new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        try {
          const { done, value } = await reader.read()
          if (!done) return controller.enqueue(value)
          this.#forget(end)
          controller.close()
        } catch (error) {
          this.#forget(end)
          controller.error(error)
        }
      },
      cancel: (reason) => {
        this.#forget(end)
        return reader.cancel(reason)
      },
    })
  }

  #forget(end: () => void): void {
    this.#open.delete(end)
    if (this.#open.size > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #recheck(): void {
    findEndedCredentials(this.#db, [...this.#open.values()]).then(
      (hasEnded) => {
        for (const [end, actor] of this.#open) if (hasEnded(actor)) end()
      },
      (error: unknown) =>
        this.#log.warn({ err: error }, 'sessions behind event streams could not be checked'),
    )
  }
}
