import type { Kysely } from 'kysely'
import type { Database } from '../../../db/schema.ts'
import { toMessage } from './message-dto.ts'
import type { Message, MessageInput } from './messages.schema.ts'
import { requireMessage } from './require-message.ts'

/**
 * One message by its id, as a permalink names it.
 * @throws AppError MESSAGE_NOT_FOUND
 */
export async function getMessage(
  db: Kysely<Database>,
  actorId: string,
  { messageId }: MessageInput,
): Promise<Message> {
  const { message } = await requireMessage(db, actorId, messageId)
  return toMessage(message)
}
