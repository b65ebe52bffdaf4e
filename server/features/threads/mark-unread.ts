import type { Trx } from '../../log/commit.ts'
import { moveReadPosition } from './move-read-position.ts'
import type { MarkUnreadInput } from './threads.schema.ts'

/**
 * Everything from `seq` on counts as unread again.
 * @throws AppError THREAD_NOT_FOUND
 */
export function markUnread(trx: Trx, actorId: string, input: MarkUnreadInput): Promise<number> {
  return moveReadPosition(trx, actorId, input.threadId, ({ head }) => Math.min(input.seq - 1, head))
}
