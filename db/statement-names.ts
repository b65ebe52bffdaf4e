import pg from 'pg'

/** A name is worth its place on every connection only for a statement that comes again and again. */
const hotAfter = 10
/** Each is kept, with its plan, on every connection that ran it. */
const mostNames = 100
/** Texts that are counted; when there are more, counting begins anew. */
const mostCounted = 2_000
const longestText = 10_000

/**
 * Which statements have names. A statement with a name is read and planned once per connection, which is most of what
 * a small one costs. Texts that come in many forms (lists of varying length) hardly become hot; no more than a bounded
 * number of texts is ever named or remembered.
 */
export class StatementNames {
  readonly #counts = new Map<string, number>()
  readonly #names = new Map<string, string>()
  #given = 0
  #off = false

  nameOf(text: string): string | undefined {
    if (this.#off) return undefined
    const name = this.#names.get(text)
    if (name !== undefined || this.#names.size >= mostNames) return name
    if (text.length > longestText) return undefined
    const count = (this.#counts.get(text) ?? 0) + 1
    if (count < hotAfter) {
      if (this.#counts.size >= mostCounted) this.#counts.clear()
      this.#counts.set(text, count)
      return undefined
    }
    this.#counts.delete(text)
    return this.#give(text)
  }

  /** What was planned under its name does not fit any more: it gets another. */
  renew(text: string): void {
    if (this.#names.has(text)) this.#give(text)
  }

  /** Names mean nothing here: what lies between gives us another connection each time. */
  giveUp(): void {
    this.#off = true
  }

  #give(text: string): string {
    const name = `skein_${++this.#given}`
    this.#names.set(text, name)
    return name
  }
}

/** A migration changed what a statement gives since it was planned. */
export function isStalePlan(error: unknown): boolean {
  return (
    error instanceof pg.DatabaseError &&
    error.code === '0A000' &&
    error.message.startsWith('cached plan')
  )
}

/** The connection knows no such name, or has it already: it is not the connection that we think it is. */
export function isStrangeName(error: unknown): boolean {
  return error instanceof pg.DatabaseError && (error.code === '26000' || error.code === '42P05')
}
