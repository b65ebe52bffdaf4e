/**
 * What has come and waits to be handled: sieved by the position, bounded, without holes. When too much waits, the
 * subscription is let go and opened again from the last item that was taken; the log keeps the rest.
 */
import type { Connection } from '../connection/connection.ts'
import { retryDelay } from '../connection/delay.ts'
import type { Joined } from '../connection/seat.ts'
import { SkeinError } from '../skein-error.ts'
import { advance, type Batch, type Hole, type Item, type Position } from './position.ts'
import { Rewind } from './rewind.ts'

/** Events that may wait. One more item (the server's are of at most 500) may be taken beyond it. */
export const mostWaiting = 500
/** A hole that is still there after so many resumes is not filled any more. */
const mostResumes = 4

/** The follow is over, by a hole that the server does not fill. */
export class HoleError extends SkeinError {
  readonly hole: Hole

  constructor(hole: Hole) {
    super('HOLE', `${hole.before - hole.after - 1} events of stream ${hole.stream} are missing.`)
    Object.setPrototypeOf(this, HoleError.prototype)
    this.hole = hole
  }
}

export class Inbox {
  readonly #connection: Connection
  readonly #batchSize: number
  readonly #queue: Batch[] = []
  readonly #joined: Joined
  readonly #rewind: Rewind
  /** After everything in the queue. */
  #received: Position | null
  #waiting = 0
  #isPaused = false
  #isBehind = true
  #resumes = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  #failure: SkeinError | null = null
  #wake: () => void = () => undefined
  #closed = false

  /** @param position null begins at this moment. @throws SkeinError CLOSED */
  constructor(connection: Connection, position: Position | null, batchSize: number) {
    this.#connection = connection
    this.#batchSize = batchSize
    this.#received = position
    this.#rewind = new Rewind(position?.cursor)
    this.#joined = connection.join({
      path: 'events.stream',
      input: () => {
        const cursor = this.#rewind.cursor
        return cursor === undefined ? {} : { cursor }
      },
      data: (value) => this.#take((value as { data: Item }).data),
      interrupted: () => {
        this.#isBehind = true
      },
      refused: (error) => this.#fail(error),
      isBehind: () => this.#isBehind,
    })
  }

  /** The next batch; null after `close`. @throws SkeinError when nothing will come any more */
  async next(): Promise<Batch | null> {
    for (;;) {
      if (this.#closed) return null
      const batch = this.#queue.shift()
      if (batch) {
        this.#waiting -= batch.events.length
        return batch
      }
      if (this.#failure) throw this.#failure
      this.#goOn()
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
    this.#joined.leave()
    this.#wake()
  }

  #take(item: Item): void {
    const taken = advance(this.#received, item, this.#batchSize)
    if ('hole' in taken) return this.#missed(taken.hole)
    for (const batch of taken.batches) {
      if (batch.events.length > 0) this.#resumes = 0
      this.#queue.push(batch)
      this.#waiting += batch.events.length
      this.#received = batch.position
    }
    this.#rewind.passed(item.cursor)
    this.#setBehind(isMidway(item.cursor))
    if (this.#waiting > mostWaiting) {
      this.#isPaused = true
      this.#joined.pause()
    }
    this.#wake()
  }

  /** Everything that came was taken on: whatever was let go is fetched now. */
  #goOn(): void {
    if (!this.#isPaused) return
    this.#isPaused = false
    this.#joined.resume()
  }

  #missed(hole: Hole): void {
    this.#joined.pause()
    if (this.#resumes >= mostResumes) return this.#fail(new HoleError(hole))
    // The first time from where we are; after that from further back, in case the cursor is beyond what is missing.
    if (this.#resumes > 0) this.#rewind.goBack()
    this.#timer = setTimeout(() => this.#joined.resume(), retryDelay(this.#resumes++))
  }

  #fail(error: SkeinError): void {
    this.#failure = error
    this.#joined.leave()
    this.#wake()
  }

  #setBehind(isBehind: boolean): void {
    if (this.#isBehind === isBehind) return
    this.#isBehind = isBehind
    this.#connection.show()
  }
}

/**
 * Whether the server is still reading what was missed: its cursor then also says how far it came. Used for what is
 * shown, for nothing else: a cursor that looks otherwise counts as live.
 */
function isMidway(cursor: string): boolean {
  try {
    return atob(cursor.replaceAll('-', '+').replaceAll('_', '/')).split('.').length > 2
  } catch {
    return false
  }
}
