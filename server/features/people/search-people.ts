import { sql, type Kysely } from 'kysely'
import type { Database } from '../../../db/schema.ts'
import type { Person, SearchInput } from './people.schema.ts'
import { personColumns, toPerson } from './person-dto.ts'

/**
 * People whose handle, or a word of whose name, begins with the query, by name. Upper and lower case are the same in
 * every script: ICU decides, whatever locale the database was made with.
 */
export async function searchPeople(db: Kysely<Database>, input: SearchInput): Promise<Person[]> {
  let found = db
    .selectFrom('users')
    .select(personColumns)
    .orderBy(sql`name collate "und-x-icu"`)
    .orderBy('id')
    .limit(input.limit)
  if (!input.deactivated) found = found.where('deactivatedAt', 'is', null)
  const words = input.query.replace(/^@/, '')
  if (words !== '') {
    const prefix = `${words.toLowerCase().replaceAll(/[\\%_]/g, '\\$&')}%`
    const name = sql<string>`lower(name collate "und-x-icu")`
    found = found.where((eb) =>
      eb.or([
        eb(name, 'like', prefix),
        eb(name, 'like', `% ${prefix}`),
        eb('handle', 'like', prefix),
      ]),
    )
  }
  return (await found.execute()).map(toPerson)
}
