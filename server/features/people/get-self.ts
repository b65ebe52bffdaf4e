import type { Kysely } from 'kysely'
import type { Database } from '../../../db/schema.ts'
import { AppError } from '../../errors.ts'
import type { Self } from './people.schema.ts'
import { selfColumns, toSelf } from './person-dto.ts'

/** What a person may know of themselves. @throws AppError PERSON_NOT_FOUND */
export async function getSelf(db: Kysely<Database>, userId: string): Promise<Self> {
  const row = await db
    .selectFrom('users')
    .select(selfColumns)
    .where('id', '=', userId)
    .executeTakeFirst()
  if (!row) throw new AppError('PERSON_NOT_FOUND', 'There is no such person here.')
  return toSelf(row)
}
