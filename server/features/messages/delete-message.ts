import { sql } from 'kysely'
import { AppError } from '../../errors.ts'
import { appendEvent } from '../../log/append.ts'
import type { Trx } from '../../log/commit.ts'
import { canDo } from '../../../client/thread-rules.ts'
import { toMessage } from './message-dto.ts'
import type { Message, MessageInput } from './messages.schema.ts'
import { lockMessage } from './require-message.ts'

/**
 * Deletes a message: its author may, and moderators of the thread. A tombstone stays in its place; what it said is
 * gone from everywhere, from earlier versions and from the log too, so that no resume hands it out again. Deleting
 * it again changes nothing. Archived threads allow it: what was said can always be taken back.
 * @throws AppError MESSAGE_NOT_FOUND, NOT_ALLOWED
 */
export async function deleteMessage(
  trx: Trx,
  actorId: string,
  { messageId }: MessageInput,
): Promise<Message> {
  const { message: before, thread, role } = await lockMessage(trx, actorId, messageId)
  if (before.authorId !== actorId && !canDo('deleteAnyMessage', thread.kind, role))
    throw new AppError('NOT_ALLOWED', 'Only who wrote a message or a moderator may delete it.')
  if (before.deletedAt) return toMessage(before)

  await trx.deleteFrom('mentions').where('messageId', '=', messageId).execute()
  const edits = await trx
    .updateTable('messageEdits')
    .set({ previousText: '' })
    .where('messageId', '=', messageId)
    .returning('seq')
    .execute()
  await redactEvents(trx, before.threadId, [before.seq, ...edits.map((edit) => edit.seq)])
  const { deletedAt } = await trx
    .updateTable('messages')
    .set({ text: '', deletedAt: sql<Date>`clock_timestamp()` })
    .where('id', '=', messageId)
    .returning('deletedAt')
    .executeTakeFirstOrThrow()
  const message = toMessage({ ...before, deletedAt })
  await appendEvent(trx, before.threadId, 'message.deleted', actorId, { message })
  return message
}

/**
 * The transitions stay in the log, in their places and with their numbers; only the text is taken out of them. Their
 * numbers are one array and not a list, which may have no more than 65,535.
 */
async function redactEvents(trx: Trx, threadId: string, seqs: readonly number[]): Promise<void> {
  await trx
    .updateTable('events')
    .set({ payload: sql`jsonb_set(payload::jsonb, '{message,text}', '""')` })
    .where('streamId', '=', threadId)
    .where(sql<boolean>`seq = any(${seqs}::bigint[])`)
    .execute()
}
