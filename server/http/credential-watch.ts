import type { Kysely } from 'kysely'
import type { Logger } from 'pino'
import type { Database } from '../../db/schema.ts'
import type { Actor } from '../context.ts'
import { credentialIdOf } from '../features/accounts/credential-id-of.ts'
import { findChangedCredentials } from '../features/accounts/find-changed-credentials.ts'

/** Something open that lives by a session or a token. */
export interface CredentialHolder {
  /** Null while it is not known whose it is. */
  readonly actor: Actor | null
  /** What the person may do now. */
  setRole?(role: Actor['role']): void
  /** The session or token is no longer good. */
  credentialEnded(): void
}

/** Milliseconds after which who has just come is looked up once more. */
const soonMs = 1_000

/**
 * Looks up again whether what is open may stay open. Ends and changes are heard from the log as they happen; but the time
 * of a session is over without a word, and what happened between the look-up of who comes and their being heard of was
 * heard by nobody.
 */
export class CredentialWatch {
  readonly #db: Kysely<Database>
  readonly #log: Logger
  readonly #everyMs: number
  readonly #open = new Set<CredentialHolder>()
  /** To be looked up soon; each once, however long the database is away. */
  #fresh = new Set<CredentialHolder>()
  #soon: NodeJS.Timeout | null = null
  #every: NodeJS.Timeout | null = null
  #changes = 0

  /** @param everyMs milliseconds between two looks at all that is open */
  constructor(db: Kysely<Database>, log: Logger, everyMs: number) {
    this.#db = db
    this.#log = log
    this.#everyMs = everyMs
  }

  /** From when its own ears are open. */
  add(holder: CredentialHolder): void {
    this.#open.add(holder)
    this.#every ??= setInterval(() => void this.#look([...this.#open]), this.#everyMs).unref()
    this.#lookSoon([holder])
  }

  delete(holder: CredentialHolder): void {
    this.#open.delete(holder)
    if (this.#open.size === 0) this.close()
  }

  /** A role was heard to have changed: what is being looked up at this moment may be from before. */
  roleChanged(): void {
    this.#changes++
  }

  close(): void {
    if (this.#soon) clearTimeout(this.#soon)
    if (this.#every) clearInterval(this.#every)
    this.#soon = null
    this.#every = null
    this.#fresh = new Set()
  }

  #lookSoon(holders: readonly CredentialHolder[]): void {
    for (const holder of holders) this.#fresh.add(holder)
    this.#soon ??= setTimeout(() => {
      const fresh = [...this.#fresh]
      this.#soon = null
      this.#fresh = new Set()
      void this.#look(fresh)
    }, soonMs).unref()
  }

  async #look(holders: readonly CredentialHolder[]): Promise<void> {
    // Who has come since was not asked about.
    const asked = holders.filter((holder) => this.#open.has(holder))
    const changes = this.#changes
    try {
      const changed = await findChangedCredentials(
        this.#db,
        asked.flatMap(({ actor }) => actor ?? []),
      )
      if (changed.size > 0) for (const holder of asked) this.#tell(holder, changed, changes)
      if (changes !== this.#changes) this.#lookSoon(asked)
    } catch (error) {
      this.#log.warn({ err: error }, 'open sessions could not be looked up; trying again')
      if (this.#open.size > 0) this.#lookSoon(asked)
    }
  }

  #tell(
    holder: CredentialHolder,
    changed: ReadonlyMap<string, Actor['role'] | null>,
    changes: number,
  ): void {
    const role = holder.actor ? changed.get(credentialIdOf(holder.actor)) : undefined
    if (role === undefined) return
    if (role === null) holder.credentialEnded()
    else if (changes === this.#changes) holder.setRole?.(role)
  }
}
