import type { Logger } from 'pino'
import type { Kysely } from 'kysely'
import type { Database } from '../../db/schema.ts'
import type { Actor } from '../context.ts'
import { CredentialWatch, type CredentialHolder } from './credential-watch.ts'
import { socketLimits } from './sockets/limits.ts'

/**
 * Event streams live by a session or a token, as sockets do. Its end is heard by the stream itself, if somebody ends it;
 * what nobody announces is looked up: then the stream is closed, and whoever comes back is told why.
 */
export class EventStreamGuard {
  readonly #log: Logger
  readonly #credentials: CredentialWatch

  constructor(db: Kysely<Database>, log: Logger, recheckMs: number = socketLimits.recheckMs) {
    this.#log = log
    this.#credentials = new CredentialWatch(db, log, recheckMs)
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
    const holder: CredentialHolder = {
      actor,
      // Cancelling makes the read under way say that this is all.
      credentialEnded: () =>
        void reader.cancel().catch((error: unknown) => {
          this.#log.debug({ err: error }, 'an event stream that ended could not be cancelled')
        }),
    }
    this.#credentials.add(holder)
    return new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        try {
          const { done, value } = await reader.read()
          if (!done) return controller.enqueue(value)
          this.#credentials.delete(holder)
          controller.close()
        } catch (error) {
          this.#credentials.delete(holder)
          controller.error(error)
        }
      },
      cancel: (reason) => {
        this.#credentials.delete(holder)
        return reader.cancel(reason)
      },
    })
  }
}
