import type { Trx } from '../../log/commit.ts'
import { findMentions } from '../../../client/mentions.ts'

/** Keeps whom a message calls: participants of its thread now, never its author. Replaces what was kept before. */
export async function recordMentions(
  trx: Trx,
  message: { id: string; threadId: string; seq: number; authorId: string; text: string },
  before?: string,
): Promise<void> {
  const handles = findMentions(message.text)
  if (before !== undefined && findMentions(before).length > 0)
    await trx.deleteFrom('mentions').where('messageId', '=', message.id).execute()
  if (handles.length === 0) return
  await trx
    .insertInto('mentions')
    .columns(['messageId', 'userId', 'threadId', 'seq'])
    .expression((eb) =>
      eb
        .selectFrom('participants')
        .innerJoin('users', 'users.id', 'participants.userId')
        .innerJoin('messages', 'messages.threadId', 'participants.threadId')
        .select(['messages.id', 'users.id as userId', 'messages.threadId', 'messages.seq'])
        .where('messages.id', '=', message.id)
        .where('participants.leftSeq', 'is', null)
        .where('users.handle', 'in', handles)
        .where('users.id', '<>', message.authorId),
    )
    .execute()
}
