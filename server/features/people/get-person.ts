import type { Kysely } from 'kysely'
import type { Database } from '../../../db/schema.ts'
import { AppError } from '../../errors.ts'
import type { Person } from './people.schema.ts'
import { personColumns, toPerson } from './person-dto.ts'

/** @throws AppError PERSON_NOT_FOUND */
export async function getPerson(
  db: Kysely<Database>,
  { personId }: { personId: string },
): Promise<Person> {
  const row = await db
    .selectFrom('users')
    .select(personColumns)
    .where('id', '=', personId)
    .executeTakeFirst()
  if (!row) throw new AppError('PERSON_NOT_FOUND', 'There is no such person here.')
  return toPerson(row)
}
