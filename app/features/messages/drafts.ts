import type { LocalStore } from '~/lib/local-store.ts'

const key = (threadId: string) => `draft:${threadId}`

/** What was typed and not sent, per thread; it survives a reload and a crash. */
export class Drafts {
  readonly #store: LocalStore

  constructor(store: LocalStore) {
    this.#store = store
  }

  read(threadId: string): string {
    return this.#store.read(key(threadId)) ?? ''
  }

  write(threadId: string, text: string): void {
    if (text === '') this.#store.remove(key(threadId))
    else this.#store.write(key(threadId), text)
  }
}
