import { sql, type CompiledQuery, type Kysely, type RawBuilder } from 'kysely'
import type { Database } from './schema.ts'

/** A value of a statement that is looked up each time it runs. */
class Late<Values> {
  readonly read: (values: Values) => unknown

  constructor(read: (values: Values) => unknown) {
    this.read = read
  }
}

/** The place of a value in a Prepared statement. */
export function late<Values = void>(read: (values: Values) => unknown): RawBuilder<unknown> {
  return sql`${new Late(read)}`
}

/**
 * A statement that is put together once; from then on only its `late` values change. To build and compile one with Kysely
 * costs a few hundred microseconds of a processor that has other things in its cache, and a quiet server hardly does
 * anything but run the same few statements (docs/decisions/016).
 */
export class Prepared<Row, Values = void> {
  readonly #statement: RawBuilder<Row>
  #compiled: CompiledQuery<Row> | null = null

  constructor(statement: RawBuilder<Row>) {
    this.#statement = statement
  }

  /** @returns its rows, their columns called as the statement calls them: to rename them costs more than to read them */
  async execute(db: Kysely<Database>, values: Values): Promise<Row[]> {
    const compiled = (this.#compiled ??= this.#statement.compile(db))
    const parameters = compiled.parameters.map((value) =>
      value instanceof Late ? (value as Late<Values>).read(values) : value,
    )
    const { rows } = await db.withoutPlugins().executeQuery<Row>({ ...compiled, parameters })
    return rows
  }
}
