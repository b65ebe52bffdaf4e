import type { Kysely } from 'kysely'
import type { Database } from '../../../db/schema.ts'

/** What the sign-up page has to know before anyone is signed in. */
export async function getInfo(
  db: Kysely<Database>,
): Promise<{ name: string; signUp: 'open' | 'domains' | 'invitation'; fresh: boolean }> {
  const row = await db
    .selectFrom('server')
    .select(['name', 'signUp'])
    .select((eb) =>
      eb
        .exists(eb.selectFrom('users').select('users.id').where('users.kind', '=', 'person'))
        .as('inhabited'),
    )
    .executeTakeFirstOrThrow()
  const fresh = !row.inhabited
  return { name: row.name, signUp: fresh ? 'open' : row.signUp, fresh }
}
