import { sql, type Selectable } from 'kysely'
import type { TokensTable } from '../../../db/schema.ts'
import type { Trx } from '../../log/commit.ts'
import type { Token } from './accounts.schema.ts'
import { createSecret, hashSecret } from './secret.ts'

export const tokenColumns = ['id', 'name', 'createdAt', 'lastUsedAt', 'expiresAt'] as const

/**
 * Makes a bearer token for a person or bot.
 * @param input.days until it ends; null never ends.
 * @returns the token as lists show it, and its secret: this once, only a hash is kept.
 */
export async function issueToken(
  trx: Trx,
  userId: string,
  input: { name: string; days: number | null },
): Promise<{ token: Token; secret: string }> {
  const secret = createSecret('skein_')
  const row = await trx
    .insertInto('tokens')
    .values({
      secretHash: hashSecret(secret),
      userId,
      name: input.name,
      expiresAt:
        input.days === null
          ? null
          : sql<Date>`clock_timestamp() + make_interval(days => ${input.days})`,
    })
    .returning(tokenColumns)
    .executeTakeFirstOrThrow()
  return { token: toToken(row), secret }
}

export function toToken(row: Pick<Selectable<TokensTable>, (typeof tokenColumns)[number]>): Token {
  return {
    id: row.id,
    name: row.name,
    createdAt: row.createdAt.toISOString(),
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    expiresAt: row.expiresAt?.toISOString() ?? null,
  }
}
