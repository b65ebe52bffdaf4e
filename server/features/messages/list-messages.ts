import type { Kysely } from 'kysely'
import type { Database } from '../../../db/schema.ts'
import type { ListInput, MessagePage } from './messages.schema.ts'
import { readPage, type Neighbours } from './read-page.ts'

/**
 * A page of a thread's messages, oldest first. `head` and the messages are of one snapshot: whoever goes on with the
 * events after `head` misses nothing and sees nothing twice.
 * @throws AppError THREAD_NOT_FOUND
 */
export async function listMessages(
  db: Kysely<Database>,
  actorId: string,
  input: ListInput,
): Promise<MessagePage> {
  // One more than the page has room for tells whether there are more.
  const { threadId, limit, before, after, around } = input
  const most = limit + 1
  if (after !== undefined) {
    const found = await readPage(db, actorId, { threadId, seq: after, older: 1, newer: most })
    return pageOf(found, 0, limit)
  }
  if (around !== undefined) {
    const found = await readPage(db, actorId, { threadId, seq: around, older: most, newer: most })
    // Half of the page before and with the middle, half after it; what one side lacks the other gets.
    const half = Math.min(found.newer.length, Math.floor((limit - 1) / 2))
    const older = Math.min(found.older.length, limit - half)
    return pageOf(found, older, limit - older)
  }
  const place =
    before === undefined
      ? { seq: Number.MAX_SAFE_INTEGER, newer: 0 }
      : { seq: before - 1, newer: 1 }
  return pageOf(await readPage(db, actorId, { threadId, older: most, ...place }), limit, 0)
}

function pageOf(found: Neighbours, older: number, newer: number): MessagePage {
  return {
    messages: [...found.older.slice(0, older).reverse(), ...found.newer.slice(0, newer)],
    head: found.head,
    hasOlder: found.older.length > older,
    hasNewer: found.newer.length > newer,
  }
}
