import type { ListInput, MessagePage } from './messages.schema.ts'
import type { Neighbours, ReadPage } from './create-page-reader.ts'

/**
 * A page of a thread's messages, oldest first. `head` and the messages are of one snapshot: whoever goes on with the
 * events after `head` misses nothing and sees nothing twice.
 * @throws AppError THREAD_NOT_FOUND
 */
export async function listMessages(
  readPage: ReadPage,
  actorId: string,
  input: ListInput,
): Promise<MessagePage> {
  const { threadId, limit, before, after, around } = input
  const at = { readerId: actorId, threadId }
  if (after !== undefined)
    return pageOf(await readPage({ ...at, seq: after, older: 0, newer: limit }))
  if (around !== undefined)
    return middleOf(await readPage({ ...at, seq: around, older: limit, newer: limit }), limit)
  const seq = before === undefined ? Number.MAX_SAFE_INTEGER : before - 1
  return pageOf(await readPage({ ...at, seq, older: limit, newer: 0 }))
}

/** Half of the page before and with the middle, half after it; what one side lacks the other gets. */
function middleOf(found: Neighbours, limit: number): MessagePage {
  const half = Math.min(found.newer.length, Math.floor((limit - 1) / 2))
  const older = found.older.slice(0, limit - half)
  const newer = found.newer.slice(0, limit - older.length)
  return pageOf({
    head: found.head,
    older,
    hasOlder: found.hasOlder || found.older.length > older.length,
    newer,
    hasNewer: found.hasNewer || found.newer.length > newer.length,
  })
}

function pageOf({ older, newer, ...found }: Neighbours): MessagePage {
  return { messages: [...older.reverse(), ...newer], ...found }
}
