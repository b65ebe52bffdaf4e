import { appendEvent } from '../../log/append.ts'
import type { Trx } from '../../log/commit.ts'
import { announceOpenThread } from './announce-open-thread.ts'
import { getThread } from './get-thread.ts'
import { lockListedThread } from './lock-listed-thread.ts'
import { requireNotArchived } from './require-participant.ts'
import { threadColumns, toThread } from './thread-dto.ts'
import { requireRule } from './require-rule.ts'
import type { MyThread, UpdateInput } from './threads.schema.ts'

/**
 * Changes title or topic; what is not given stays.
 * @throws AppError THREAD_NOT_FOUND, NOT_ALLOWED, DIRECT_THREAD_FIXED, THREAD_ARCHIVED
 */
export async function updateThread(
  trx: Trx,
  actorId: string,
  input: UpdateInput,
): Promise<MyThread> {
  const { thread: before, role } = await lockListedThread(trx, actorId, input.threadId)
  requireRule('update', before.kind, role)
  requireNotArchived(before)
  const { title = before.title, topic = before.topic } = input
  if (title !== before.title || topic !== before.topic) {
    const row = await trx
      .updateTable('threads')
      .set({ title, topic })
      .where('id', '=', before.id)
      .returning(threadColumns)
      .executeTakeFirstOrThrow()
    const thread = toThread(row)
    await appendEvent(trx, thread.id, 'thread.updated', actorId, { thread })
    await announceOpenThread(trx, actorId, thread)
  }
  return getThread(trx, actorId, { threadId: before.id })
}
