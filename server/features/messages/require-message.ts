import type { Kysely } from 'kysely'
import type { Database } from '../../../db/schema.ts'
import { AppError } from '../../errors.ts'
import { lockStreams } from '../../log/append.ts'
import type { Trx } from '../../log/commit.ts'
import type { ParticipantRole, ThreadKind } from '../threads/threads.schema.ts'
import { selectMessages, type MessageRow } from './message-dto.ts'

/** A message, as reached through the actor's participation in its thread. */
export interface ReachedMessage {
  message: MessageRow
  thread: { kind: ThreadKind; archivedAt: Date | null }
  role: ParticipantRole
}

/**
 * The only way to a message by its id. Who is not in its thread is told the same as for an id that is no message's.
 * @throws AppError MESSAGE_NOT_FOUND
 */
export async function requireMessage(
  db: Kysely<Database>,
  actorId: string,
  messageId: string,
): Promise<ReachedMessage> {
  const row = await selectMessages(db)
    .innerJoin('participants', 'participants.threadId', 'messages.threadId')
    .innerJoin('threads', 'threads.id', 'messages.threadId')
    .select(['participants.role', 'threads.kind', 'threads.archivedAt'])
    .where('messages.id', '=', messageId)
    .where('participants.userId', '=', actorId)
    .where('participants.leftSeq', 'is', null)
    .executeTakeFirst()
  if (!row)
    throw new AppError(
      'MESSAGE_NOT_FOUND',
      'There is no such message, or you are not in its thread.',
    )
  const { role, kind, archivedAt, ...message } = row
  return { message, thread: { kind, archivedAt }, role }
}

/** The same with the message's thread locked: what is read stays true until the commit. */
export async function lockMessage(
  trx: Trx,
  actorId: string,
  messageId: string,
): Promise<ReachedMessage> {
  const { message } = await requireMessage(trx, actorId, messageId)
  await lockStreams(trx, [message.threadId])
  return requireMessage(trx, actorId, messageId)
}
