import type { Kysely } from 'kysely'
import type { Database } from '../../../db/schema.ts'
import type { Server } from './server.schema.ts'

/** The server as everyone who is signed in may know it. */
export async function getServer(db: Kysely<Database>): Promise<Server> {
  const row = await db
    .selectFrom('server')
    .select(['streamId', 'name', 'signUp', 'signUpDomains'])
    .executeTakeFirstOrThrow()
  return {
    id: row.streamId,
    name: row.name,
    signUp: row.signUp,
    signUpDomains: row.signUpDomains,
  }
}
