import type { Kysely } from 'kysely'
import type { Database } from '../../../db/schema.ts'
import type { Token } from './accounts.schema.ts'
import { toToken, tokenColumns } from './issue-token.ts'

/** A person's bearer tokens, newest first; ended ones, too, so that one sees why something stopped. */
export async function listTokens(db: Kysely<Database>, userId: string): Promise<Token[]> {
  const rows = await db
    .selectFrom('tokens')
    .select(tokenColumns)
    .where('userId', '=', userId)
    .orderBy('id', 'desc')
    .execute()
  return rows.map(toToken)
}
