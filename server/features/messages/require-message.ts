import { sql, type Kysely } from 'kysely'
import type { Database } from '../../../db/schema.ts'
import { AppError } from '../../errors.ts'
import { lockStreams } from '../../log/append.ts'
import type { Trx } from '../../log/commit.ts'
import type { ParticipantRole, ThreadKind } from '../threads/threads.schema.ts'
import type { MessageRow } from './message-dto.ts'

/** A message, as reached through the actor's participation in its thread. */
export interface ReachedMessage {
  message: MessageRow
  thread: { kind: ThreadKind; archivedAt: Date | null }
  role: ParticipantRole
}

interface ReachedRow extends MessageRow {
  role: ParticipantRole
  kind: ThreadKind
  archivedAt: Date | null
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
  const { rows } = await sql<ReachedRow>`
    select m.id, m.thread_id, m.seq, m.text, m.client_id, m.created_at, m.edited_at, m.deleted_at,
      u.id as author_id, u.kind as author_kind, u.name as author_name, u.handle as author_handle,
      p.role, t.kind, t.archived_at
    from messages m
    join participants p on p.thread_id = m.thread_id and p.user_id = ${actorId} and p.left_seq is null
    join threads t on t.id = m.thread_id
    join users u on u.id = m.author_id
    where m.id = ${messageId}`.execute(db)
  const [row] = rows
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
