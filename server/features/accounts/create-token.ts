import type { Actor } from '../../context.ts'
import { AppError } from '../../errors.ts'
import type { Trx } from '../../log/commit.ts'
import type { CreateTokenInput, Token } from './accounts.schema.ts'
import { issueToken } from './issue-token.ts'

/**
 * Makes a bearer token for the actor.
 * @throws AppError NOT_ALLOWED for whoever came with a token: one that leaks must not be able to outlive itself.
 */
export async function createToken(
  trx: Trx,
  actor: Actor,
  input: CreateTokenInput,
): Promise<{ token: Token; secret: string }> {
  if (actor.via.type !== 'session')
    throw new AppError(
      'NOT_ALLOWED',
      'Tokens are made by someone who is signed in with a password.',
    )
  return issueToken(trx, actor.id, input)
}
