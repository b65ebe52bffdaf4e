import type { Logger } from 'pino'
import type { Kysely } from 'kysely'
import type { Database } from '../../db/schema.ts'
import type { Actor } from '../context.ts'
import { CredentialWatch, type CredentialHolder } from './credential-watch.ts'
import { httpLimits } from './limits.ts'
import { socketLimits } from './sockets/limits.ts'

/**
 * Event streams live by a session or a token, as sockets do. Its end is heard by the stream itself, if somebody ends it;
 * what nobody announces is looked up: then the stream is closed, and whoever comes back is told why.
 */
export class EventStreamGuard {
  readonly #log: Logger
  readonly #credentials: CredentialWatch
  /** By person. */
  readonly #open = new Map<string, number>()

  constructor(db: Kysely<Database>, log: Logger, recheckMs: number = socketLimits.recheckMs) {
    this.#log = log
    this.#credentials = new CredentialWatch(db, log, recheckMs)
  }

  /**
   * The same answer, watched if it is a stream of events. No cache may keep it, and no proxy hold it back.
   * @returns null when it is one more than its person may have
   */
  guard(response: Response, actor: Actor | null): Response | null {
    const { body, status } = response
    if (!body || !response.headers.get('content-type')?.startsWith('text/event-stream'))
      return response
    if (actor && (this.#open.get(actor.id) ?? 0) >= httpLimits.eventStreamsPerPerson) {
      this.#end(body)
      return null
    }
    const headers = new Headers(response.headers)
    headers.set('cache-control', 'no-store, no-transform')
    headers.set('x-accel-buffering', 'no')
    return new Response(actor ? this.#watch(body, actor) : body, { status, headers })
  }

  #watch(body: ReadableStream<Uint8Array>, actor: Actor): ReadableStream<Uint8Array> {
    const reader = body.getReader()
    // Cancelling makes the read under way say that this is all.
    const holder: CredentialHolder = { actor, credentialEnded: () => this.#end(reader) }
    this.#credentials.add(holder)
    this.#count(actor, 1)
    let isOver = false
    const over = () => {
      if (isOver) return
      isOver = true
      this.#credentials.delete(holder)
      this.#count(actor, -1)
    }
    return new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        try {
          const { done, value } = await reader.read()
          if (!done) return controller.enqueue(value)
          over()
          controller.close()
        } catch (error) {
          over()
          controller.error(error)
        }
      },
      cancel: (reason) => {
        over()
        return reader.cancel(reason)
      },
    })
  }

  #count({ id }: Actor, by: 1 | -1): void {
    const left = (this.#open.get(id) ?? 0) + by
    if (left > 0) this.#open.set(id, left)
    else this.#open.delete(id)
  }

  #end(stream: { cancel(): Promise<void> }): void {
    stream.cancel().catch((error: unknown) => {
      this.#log.debug({ err: error }, 'an event stream that ended could not be cancelled')
    })
  }
}
