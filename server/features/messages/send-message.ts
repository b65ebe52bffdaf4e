import { AppError } from '../../errors.ts'
import type { Trx } from '../../log/commit.ts'
import type { Message, SendInput } from './messages.schema.ts'
import { sendMessages } from './send-messages.ts'

/**
 * Posts one message in a transaction of the caller's own. Whoever only wants to send uses the postbox.
 * @throws AppError THREAD_NOT_FOUND, THREAD_ARCHIVED, CLIENT_ID_REUSED when the id made a message elsewhere
 */
export async function sendMessage(trx: Trx, actorId: string, input: SendInput): Promise<Message> {
  const [outcome] = await sendMessages(trx, [{ ...input, authorId: actorId }])
  if (!outcome) throw new Error('a send has no outcome')
  if (outcome instanceof AppError) throw outcome
  return outcome
}
