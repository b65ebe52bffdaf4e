import type { Kysely } from 'kysely'
import type { Database } from '../../../db/schema.ts'
import { inSnapshot } from '../../../db/snapshot.ts'
import { AppError } from '../../errors.ts'
import type { History, MessageInput } from './messages.schema.ts'
import { requireMessage } from './require-message.ts'

/**
 * What a message said, oldest first; the last is what it says now.
 * @throws AppError MESSAGE_NOT_FOUND, MESSAGE_DELETED
 */
export async function listVersions(
  db: Kysely<Database>,
  actorId: string,
  { messageId }: MessageInput,
): Promise<History> {
  const { message, edits } = await inSnapshot(db, async (snapshot) => ({
    ...(await requireMessage(snapshot, actorId, messageId)),
    edits: await snapshot
      .selectFrom('messageEdits')
      .select(['previousText', 'at'])
      .where('messageId', '=', messageId)
      .orderBy('seq')
      .execute(),
  }))
  if (message.deletedAt) throw new AppError('MESSAGE_DELETED', 'This message was deleted.')
  // Each edit keeps what stood before it: a version is what the next edit replaced, from the edit before on.
  const texts = [...edits.map((edit) => edit.previousText), message.text]
  const times = [message.createdAt, ...edits.map((edit) => edit.at)]
  return {
    versions: texts.map((text, index) => ({
      text,
      at: (times[index] ?? message.createdAt).toISOString(),
    })),
  }
}
