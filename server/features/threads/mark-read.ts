import type { Trx } from '../../log/commit.ts'
import { moveReadPosition } from './move-read-position.ts'
import type { MarkReadInput } from './threads.schema.ts'

/**
 * Everything up to `seq` was seen. Only forward and never beyond what there is: a device that comes late does not
 * pull the others back.
 * @throws AppError THREAD_NOT_FOUND
 */
export function markRead(trx: Trx, actorId: string, input: MarkReadInput): Promise<number> {
  return moveReadPosition(trx, actorId, input.threadId, ({ readSeq, head }) =>
    Math.max(readSeq, Math.min(input.seq, head)),
  )
}
