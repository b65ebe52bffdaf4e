import type { Hub } from './hub.ts'
import type { StreamListener } from './watched-stream.ts'

/** The streams that one connection watches. */
export class WatchList {
  readonly #hub: Hub
  readonly #listener: StreamListener
  readonly #watched = new Set<string>()
  #closed = false

  constructor(hub: Hub, listener: StreamListener) {
    this.#hub = hub
    this.#listener = listener
  }

  has(stream: string): boolean {
    return this.#watched.has(stream)
  }

  streams(): Iterable<string> {
    return this.#watched
  }

  /**
   * Watches these, too. Resolves when nothing that is committed from then on can be missed.
   * @returns for each, the seq after which it is heard.
   */
  async add(streams: readonly string[]): Promise<{ stream: string; after: number }[]> {
    if (this.#closed) return []
    const watching = streams.map((stream) => this.#hub.watch(stream, this.#listener))
    for (const { stream } of watching) this.#watched.add(stream)
    return Promise.all(watching.map(async ({ stream, ready }) => ({ stream, after: await ready })))
  }

  remove(stream: string): void {
    if (this.#watched.delete(stream)) this.#hub.unwatch(stream, this.#listener)
  }

  /** Stops watching everything that is not in the list. */
  keep(streams: readonly string[]): void {
    const kept = new Set(streams)
    for (const stream of this.#watched) if (!kept.has(stream)) this.remove(stream)
  }

  close(): void {
    this.#closed = true
    this.keep([])
  }
}
