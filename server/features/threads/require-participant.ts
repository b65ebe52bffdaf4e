import type { Kysely } from 'kysely'
import type { Database } from '../../../db/schema.ts'
import { AppError } from '../../errors.ts'
import { toAuthor } from '../people/person-dto.ts'
import type { Author } from '../people/people.schema.ts'
import { threadColumns, type ThreadRow } from './thread-dto.ts'
import type { ParticipantRole } from './threads.schema.ts'

/** A thread, as reached through somebody's own participation. */
export interface Participation {
  thread: ThreadRow
  role: ParticipantRole
  /** Who takes part. */
  person: Author
}

/** The same for a thread that is not there and for one that is none of the caller's business. */
export function threadNotFound(): AppError {
  return new AppError('THREAD_NOT_FOUND', 'There is no such thread, or you are not in it.')
}

/**
 * The only way to a thread: look-up is authorisation. In a verb that writes, call it after locking the thread, so
 * that it is ordered with removals.
 * @throws AppError THREAD_NOT_FOUND
 */
export async function requireParticipant(
  db: Kysely<Database>,
  actorId: string,
  threadId: string,
): Promise<Participation> {
  const row = await db
    .selectFrom('participants')
    .innerJoin('threads', 'threads.id', 'participants.threadId')
    .innerJoin('users', 'users.id', 'participants.userId')
    .select(threadColumns)
    .select([
      'participants.role',
      'users.id as userId',
      'users.kind as userKind',
      'users.name',
      'users.handle',
    ])
    .where('participants.threadId', '=', threadId)
    .where('participants.userId', '=', actorId)
    .where('participants.leftSeq', 'is', null)
    .executeTakeFirst()
  if (!row) throw threadNotFound()
  const { role, userId, userKind, name, handle, ...thread } = row
  return { thread, role, person: toAuthor({ id: userId, kind: userKind, name, handle }) }
}

/** @throws AppError THREAD_ARCHIVED */
export function requireNotArchived(thread: Pick<ThreadRow, 'archivedAt'>): void {
  if (thread.archivedAt) throw threadArchived()
}

export function threadArchived(): AppError {
  return new AppError('THREAD_ARCHIVED', 'This thread is archived; restore it to go on.')
}
