import { sql, type Kysely } from 'kysely'
import type { Database } from '../../../db/schema.ts'
import type { Person, SearchInput } from './people.schema.ts'
import { personColumns, toPerson } from './person-dto.ts'

/** What parts the words of a name, beside spaces. */
const partings = "-.'’("

/**
 * People whose handle, or a word of whose name, begins with the query, by name. Upper and lower case are the same in
 * every script: ICU decides, whatever locale the database was made with.
 */
export async function searchPeople(
  db: Kysely<Database>,
  input: SearchInput,
): Promise<{ people: Person[]; next: string | null }> {
  let found = db
    .selectFrom('users')
    .select(personColumns)
    .orderBy(sql`name collate "und-x-icu"`)
    .orderBy('id')
    .limit(input.limit + 1)
  if (!input.deactivated) found = found.where('deactivatedAt', 'is', null)
  if (input.after !== undefined)
    found = found.where(
      sql<boolean>`(name collate "und-x-icu", id) >
        (select last.name collate "und-x-icu", last.id from users last where last.id = ${input.after})`,
    )
  const words = input.query.replace(/^@/, '')
  if (words !== '') {
    const prefix = `${words.toLowerCase().replaceAll(/[\\%_]/g, '\\$&')}%`
    const name = sql<string>`lower(name collate "und-x-icu")`
    const spaced = sql<string>`translate(${name}, ${partings}, ${' '.repeat(partings.length)})`
    found = found.where((eb) =>
      eb.or([
        eb(name, 'like', prefix),
        eb(spaced, 'like', `% ${prefix}`),
        eb('handle', 'like', prefix),
      ]),
    )
  }
  const rows = await found.execute()
  const page = rows.slice(0, input.limit)
  return {
    people: page.map(toPerson),
    next: rows.length > page.length ? (page.at(-1)?.id ?? null) : null,
  }
}
