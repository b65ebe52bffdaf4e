import { AppError } from '../../errors.ts'
import { appendEvent, lockStreams, nextSeq } from '../../log/append.ts'
import type { Trx } from '../../log/commit.ts'
import { requireNotArchived, requireParticipant } from '../threads/require-participant.ts'
import { selectMessages, toMessage } from './message-dto.ts'
import type { Message, SendInput } from './messages.schema.ts'
import { recordMentions } from './record-mentions.ts'

/**
 * Posts a message, once for ever: the same clientId of the same author gives the same message again.
 * The thread is locked first, so a send and a removal are ordered, and so are messages among themselves.
 * @throws AppError THREAD_NOT_FOUND, THREAD_ARCHIVED, CLIENT_ID_REUSED when the id made a message elsewhere
 */
export async function sendMessage(
  trx: Trx,
  actorId: string,
  { threadId, clientId, text }: SendInput,
): Promise<Message> {
  await lockStreams(trx, [threadId])
  const { thread, person } = await requireParticipant(trx, actorId, threadId)
  if (thread.archivedAt) {
    const sentBefore = await findSent(trx, actorId, threadId, clientId)
    if (sentBefore) return sentBefore
    requireNotArchived(thread)
  }
  const seq = nextSeq(trx, threadId)
  const row = await trx
    .with('posted', (q) =>
      q
        .insertInto('messages')
        .values({ threadId, seq, authorId: actorId, clientId, text })
        // Waits for whoever inserts the same id at this moment, in whatever thread.
        .onConflict((conflict) => conflict.columns(['authorId', 'clientId']).doNothing())
        .returning(['id', 'createdAt']),
    )
    .with('touched', (q) =>
      q
        .updateTable('threads')
        .from('posted')
        .set((eb) => ({
          lastMessageId: eb.ref('posted.id'),
          activeAt: eb.ref('posted.createdAt'),
        }))
        .where('threads.id', '=', threadId),
    )
    .selectFrom('posted')
    .select(['id', 'createdAt'])
    .executeTakeFirst()
  if (!row) {
    const sentBefore = await findSent(trx, actorId, threadId, clientId)
    if (sentBefore) return sentBefore
    throw new Error('a message was in the way and then was not')
  }
  await recordMentions(trx, { id: row.id, threadId, seq, authorId: actorId, text })
  const message: Message = {
    id: row.id,
    threadId,
    seq,
    author: person,
    text,
    at: row.createdAt.toISOString(),
    editedAt: null,
    deletedAt: null,
    clientId,
  }
  await appendEvent(trx, threadId, 'message.posted', actorId, { message })
  return message
}

async function findSent(
  trx: Trx,
  authorId: string,
  threadId: string,
  clientId: string,
): Promise<Message | null> {
  const row = await selectMessages(trx)
    .where('messages.authorId', '=', authorId)
    .where('messages.clientId', '=', clientId)
    .executeTakeFirst()
  if (!row) return null
  if (row.threadId !== threadId)
    throw new AppError('CLIENT_ID_REUSED', 'This clientId sent a message to another thread before.')
  return toMessage(row)
}
