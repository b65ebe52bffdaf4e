import { AppError } from '../../errors.ts'
import type { Trx } from '../../log/commit.ts'
import type { CreateTokenInput, Token } from './accounts.schema.ts'
import { issueToken } from './issue-token.ts'

/**
 * Makes a bearer token for a person or bot, from the operator's side.
 * @throws AppError PERSON_NOT_FOUND, also for those who were deactivated: their tokens open nothing.
 */
export async function createTokenFor(
  trx: Trx,
  handle: string,
  input: CreateTokenInput,
): Promise<{ token: Token; secret: string }> {
  const row = await trx
    .selectFrom('users')
    .select('id')
    .where('handle', '=', handle)
    .where('deactivatedAt', 'is', null)
    .executeTakeFirst()
  if (!row) throw new AppError('PERSON_NOT_FOUND', `There is nobody with the handle ${handle}.`)
  return issueToken(trx, row.id, input)
}
