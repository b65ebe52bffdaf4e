import { AppError } from '../../errors.ts'
import { lockStreams } from '../../log/append.ts'
import type { Trx } from '../../log/commit.ts'
import { endTokens } from './end-tokens.ts'

/**
 * Ends one of the actor's own tokens.
 * @throws AppError TOKEN_NOT_FOUND, also for tokens of others.
 */
export async function revokeToken(
  trx: Trx,
  actorId: string,
  { tokenId }: { tokenId: string },
): Promise<void> {
  await lockStreams(trx, [actorId])
  if ((await endTokens(trx, actorId, actorId, tokenId)) === 0)
    throw new AppError(
      'TOKEN_NOT_FOUND',
      'There is no such token; it may have been revoked already.',
    )
}
