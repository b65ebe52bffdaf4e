import { sql } from 'kysely'
import { appendEvent } from '../../log/append.ts'
import type { Trx } from '../../log/commit.ts'
import { announceOpenThread } from './announce-open-thread.ts'
import { getThread } from './get-thread.ts'
import { lockListedThread } from './lock-listed-thread.ts'
import { threadColumns, toThread } from './thread-dto.ts'
import { requireRule } from './require-rule.ts'
import type { ArchiveInput, MyThread } from './threads.schema.ts'

/**
 * Archives a thread (it can be read, not written), or restores it.
 * @throws AppError THREAD_NOT_FOUND, NOT_ALLOWED, DIRECT_THREAD_FIXED
 */
export async function archiveThread(
  trx: Trx,
  actorId: string,
  { threadId, archived }: ArchiveInput,
): Promise<MyThread> {
  const { thread: before, role } = await lockListedThread(trx, actorId, threadId)
  requireRule('archive', before.kind, role)
  if (archived !== (before.archivedAt !== null)) {
    const row = await trx
      .updateTable('threads')
      .set({ archivedAt: archived ? sql<Date>`clock_timestamp()` : null })
      .where('id', '=', threadId)
      .returning(threadColumns)
      .executeTakeFirstOrThrow()
    const thread = toThread(row)
    const type = archived ? 'thread.archived' : 'thread.restored'
    await appendEvent(trx, threadId, type, actorId, { thread })
    await announceOpenThread(trx, actorId, thread)
  }
  return getThread(trx, actorId, { threadId })
}
