import type { PostgresCursor, PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely'
import pg from 'pg'
import { isStalePlan, isStrangeName, type StatementNames } from './statement-names.ts'

/** A connection of pg's as Kysely knows it, and what it can beyond that. */
interface NameableClient extends PostgresPoolClient {
  query<R>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>>
  query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>
  query<R>(named: {
    name: string
    text: string
    values: unknown[]
  }): Promise<PostgresQueryResult<R>>
}

/** The pool with its hot statements named, on every connection it gives. */
export function namingPool(pool: PostgresPool, names: StatementNames): PostgresPool {
  // Kysely knows a connection by the object it is given.
  const known = new WeakMap<PostgresPoolClient, PostgresPoolClient>()
  return {
    options: pool.options,
    async connect(): Promise<PostgresPoolClient> {
      const client = await pool.connect()
      if (!(client instanceof pg.Client)) return client
      const naming =
        known.get(client) ?? new NamingClient(client as PostgresPoolClient as NameableClient, names)
      known.set(client, naming)
      return naming
    },
    end: () => pool.end(),
  }
}

class NamingClient implements PostgresPoolClient {
  readonly #client: NameableClient
  readonly #names: StatementNames

  constructor(client: NameableClient, names: StatementNames) {
    this.#client = client
    this.#names = names
  }

  query<R>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>>
  query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>
  query<R>(
    what: string | PostgresCursor<R>,
    parameters: readonly unknown[] = [],
  ): Promise<PostgresQueryResult<R>> | PostgresCursor<R> {
    if (typeof what !== 'string') return this.#client.query<R>(what)
    const values = [...parameters]
    const name = values.length === 0 ? undefined : this.#names.nameOf(what)
    if (name === undefined) return this.#client.query<R>(what, values)
    return this.#queryNamed<R>(name, what, values)
  }

  release(destroy?: boolean): void {
    this.#client.release(destroy)
  }

  async #queryNamed<R>(
    name: string,
    text: string,
    values: unknown[],
  ): Promise<PostgresQueryResult<R>> {
    try {
      return await this.#client.query<R>({ name, text, values })
    } catch (error) {
      if (isStalePlan(error)) this.#names.renew(text)
      else if (isStrangeName(error)) this.#names.giveUp()
      else throw error
      try {
        return await this.#client.query<R>(text, values)
      } catch (again) {
        // Within a transaction that is over now: whoever opened it has to know why.
        throw again instanceof pg.DatabaseError && again.code === '25P02' ? error : again
      }
    }
  }
}
