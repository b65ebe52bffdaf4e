import { reportFailure } from '~/lib/report-failure.ts'
import { Store } from '~/lib/store.ts'

/** Names of people of whom the page has shown nothing yet; each is asked for once. */
export class PersonNames {
  readonly names = new Store<Readonly<Record<string, string>>>({})
  readonly #ask: (personId: string) => Promise<string>
  readonly #asked = new Set<string>()

  constructor(ask: (personId: string) => Promise<string>) {
    this.#ask = ask
  }

  want(personId: string): void {
    if (this.#asked.has(personId)) return
    this.#asked.add(personId)
    this.#ask(personId).then(
      (name) => this.names.update((names) => ({ ...names, [personId]: name })),
      (error: unknown) => {
        // The next one to want it asks again.
        this.#asked.delete(personId)
        reportFailure(error)
      },
    )
  }
}
