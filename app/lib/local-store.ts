/**
 * What one person keeps in this browser: drafts and messages on their way. Every key begins with the person's
 * id, so that two people on one browser never meet, and signing out can clear all of it.
 */
export class LocalStore {
  readonly #storage: Storage | null
  readonly #prefix: string

  /** @param storage null where there is none (on the server, or switched off): then nothing is kept. */
  constructor(storage: Storage | null, personId: string) {
    this.#storage = storage
    this.#prefix = `skein:${personId}:`
  }

  read(key: string): string | null {
    return this.#storage?.getItem(this.#prefix + key) ?? null
  }

  /** Whether it was kept: a full or locked storage says no, and the page goes on without. */
  write(key: string, value: string): boolean {
    if (!this.#storage) return false
    try {
      this.#storage.setItem(this.#prefix + key, value)
      return true
    } catch {
      return false
    }
  }

  remove(key: string): void {
    this.#storage?.removeItem(this.#prefix + key)
  }

  /** Keys that begin like this, without the person's prefix, in no particular order. */
  keys(beginning: string): string[] {
    const start = this.#prefix + beginning
    return Object.keys(this.#storage ?? {})
      .filter((key) => key.startsWith(start))
      .map((key) => key.slice(this.#prefix.length))
  }

  /** Whether a key of a `storage` event belongs to this person. */
  owns(key: string | null): boolean {
    return key === null || key.startsWith(this.#prefix)
  }

  clear(): void {
    for (const key of this.keys('')) this.remove(key)
  }
}

/** The browser's storage, or null where the browser refuses it. */
export function browserStorage(): Storage | null {
  try {
    return typeof window === 'undefined' ? null : window.localStorage
  } catch {
    return null
  }
}
