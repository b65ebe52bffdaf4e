import type { Kysely } from 'kysely'
import type { Database } from '../../../db/schema.ts'
import { selectMyThreads, toMyThread } from './my-threads.ts'
import { threadNotFound } from './require-participant.ts'
import type { MyThread, ThreadInput } from './threads.schema.ts'

/**
 * A thread as the actor has it before them.
 * @throws AppError THREAD_NOT_FOUND
 */
export async function getThread(
  db: Kysely<Database>,
  actorId: string,
  input: ThreadInput,
): Promise<MyThread> {
  const row = await selectMyThreads(db, actorId, (mine) =>
    mine.where('threads.id', '=', input.threadId),
  ).executeTakeFirst()
  if (!row) throw threadNotFound()
  return toMyThread(row)
}
