import type { Kysely } from 'kysely'
import type { Database } from '../../../db/schema.ts'
import { inSnapshot } from '../../../db/snapshot.ts'
import { AppError } from '../../errors.ts'
import { maxVersions, type History, type MessageInput } from './messages.schema.ts'
import { requireMessage } from './require-message.ts'

/**
 * What a message said last, oldest first, at most `maxVersions`; the last is what it says now.
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
      .where('seq', '>', 0)
      .orderBy('seq', 'desc')
      .limit(maxVersions)
      .execute(),
  }))
  if (message.deletedAt) throw new AppError('MESSAGE_DELETED', 'This message was deleted.')
  // Each edit keeps what stood before it: a version is what the next edit replaced, from the edit before on.
  const texts = [message.text, ...edits.map((edit) => edit.previousText)].slice(0, maxVersions)
  const times = [...edits.map((edit) => edit.at), message.createdAt]
  const versions = texts.map((text, index) => ({
    text,
    at: (times[index] ?? message.createdAt).toISOString(),
  }))
  return { versions: versions.reverse() }
}
