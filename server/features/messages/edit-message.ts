import { AppError } from '../../errors.ts'
import { appendEvent, nextSeq } from '../../log/append.ts'
import type { Trx } from '../../log/commit.ts'
import { requireNotArchived } from '../threads/require-participant.ts'
import { toMessage } from './message-dto.ts'
import { maxEdits, type EditInput, type Message } from './messages.schema.ts'
import { recordMentions } from './record-mentions.ts'
import { lockMessage } from './require-message.ts'

/**
 * Changes what a message of one's own says; what it said before is kept. The same text changes nothing, and with a
 * clientId a repeated edit does not either, even when other edits came between.
 * @throws AppError MESSAGE_NOT_FOUND, NOT_ALLOWED, MESSAGE_DELETED, THREAD_ARCHIVED, CLIENT_ID_REUSED, TOO_MANY_EDITS
 */
export async function editMessage(
  trx: Trx,
  actorId: string,
  { messageId, text, clientId }: EditInput,
): Promise<Message> {
  const { message: before, thread } = await lockMessage(trx, actorId, messageId)
  if (before.authorId !== actorId)
    throw new AppError('NOT_ALLOWED', 'Only who wrote a message may edit it.')
  if (before.deletedAt) throw new AppError('MESSAGE_DELETED', 'This message was deleted.')
  if (clientId !== undefined && (await wasEdited(trx, actorId, messageId, clientId)))
    return toMessage(before)
  requireNotArchived(thread)
  const changes = text !== before.text
  if (!changes && clientId === undefined) return toMessage(before)
  const edits = await countEdits(trx, messageId)
  if (edits >= maxEdits) throw tooManyEdits()

  const kept = await trx
    .insertInto('messageEdits')
    .values({
      messageId,
      // What changes nothing has no event, and is kept for its clientId alone: numbered below zero, it is no version.
      seq: changes ? nextSeq(trx, before.threadId) : -1 - edits,
      clientId: clientId ?? null,
      editorId: actorId,
      previousText: changes ? before.text : '',
    })
    // Waits for whoever uses the same id at this moment, on whatever message.
    .onConflict((conflict) => conflict.columns(['editorId', 'clientId']).doNothing())
    .returning('at')
    .executeTakeFirst()
  if (!kept) throw clientIdReused()
  if (!changes) return toMessage(before)
  await recordMentions(trx, { id: messageId, text }, before.text)
  const message = toMessage({ ...before, text, editedAt: kept.at })
  await trx
    .updateTable('messages')
    .set({ text, editedAt: kept.at })
    .where('id', '=', messageId)
    .execute()
  await appendEvent(trx, before.threadId, 'message.edited', actorId, { message })
  return message
}

async function wasEdited(
  trx: Trx,
  editorId: string,
  messageId: string,
  clientId: string,
): Promise<boolean> {
  const edit = await trx
    .selectFrom('messageEdits')
    .select('messageId')
    .where('editorId', '=', editorId)
    .where('clientId', '=', clientId)
    .executeTakeFirst()
  if (edit && edit.messageId !== messageId) throw clientIdReused()
  return edit !== undefined
}

async function countEdits(trx: Trx, messageId: string): Promise<number> {
  const { count } = await trx
    .selectFrom('messageEdits')
    .select((edits) => edits.fn.countAll<number>().as('count'))
    .where('messageId', '=', messageId)
    .executeTakeFirstOrThrow()
  return count
}

function tooManyEdits(): AppError {
  const words = `This message was edited ${maxEdits.toLocaleString('en')} times, and that is as often as one may be.`
  return new AppError('TOO_MANY_EDITS', `${words} Delete it, or send another.`)
}

function clientIdReused(): AppError {
  return new AppError('CLIENT_ID_REUSED', 'This clientId edited another message before.')
}
