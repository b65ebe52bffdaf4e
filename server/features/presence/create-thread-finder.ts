import type { Kysely } from 'kysely'
import type { Database } from '../../../db/schema.ts'
import { batchCalls } from '../../batch-calls.ts'

/** Pages come back in crowds: what a thousand of them ask for takes a few queries, not all connections of the pool. */
const peopleAtOnce = { most: 500, atOnce: 2 }

/** Finds the threads that a person takes part in. */
export function createThreadFinder(
  db: Kysely<Database>,
): (userId: string) => Promise<readonly string[]> {
  async function find(userIds: readonly string[]): Promise<string[][]> {
    const rows = await db
      .selectFrom('participants')
      .select(['userId', 'threadId'])
      .where((eb) => eb('userId', '=', eb.fn.any(eb.val([...new Set(userIds)]))))
      .where('leftSeq', 'is', null)
      .execute()
    const threads = new Map<string, string[]>(userIds.map((id) => [id, []]))
    for (const { userId, threadId } of rows) threads.get(userId)?.push(threadId)
    return userIds.map((id) => threads.get(id) ?? [])
  }

  return batchCalls(find, peopleAtOnce)
}
