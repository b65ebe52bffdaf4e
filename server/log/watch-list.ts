import type { CarriedEvent } from './carried-event.ts'
import type { Hub, Watching } from './hub.ts'

/** The streams that one connection watches. */
export class WatchList {
  readonly #hub: Hub
  readonly #hear: (event: CarriedEvent) => void
  readonly #watching = new Map<string, Watching>()
  #closed = false

  constructor(hub: Hub, hear: (event: CarriedEvent) => void) {
    this.#hub = hub
    this.#hear = hear
  }

  has(stream: string): boolean {
    return this.#watching.has(stream)
  }

  /**
   * Watches these, too. Resolves when nothing that is committed from then on can be missed.
   * @returns for each stream that was not watched before, the seq after which it is heard.
   */
  async add(streams: readonly string[]): Promise<{ stream: string; after: number }[]> {
    const fresh = streams.filter((stream) => !this.#closed && !this.#watching.has(stream))
    return Promise.all(
      fresh.map(async (stream) => {
        const watching = this.#hub.watch(stream, this.#hear)
        this.#watching.set(stream, watching)
        return { stream, after: await watching.ready }
      }),
    )
  }

  remove(stream: string): void {
    this.#watching.get(stream)?.stop()
    this.#watching.delete(stream)
  }

  /** Stops watching everything that is not in the list. */
  keep(streams: readonly string[]): void {
    const kept = new Set(streams)
    for (const stream of this.#watching.keys()) if (!kept.has(stream)) this.remove(stream)
  }

  close(): void {
    this.#closed = true
    this.keep([])
  }
}
