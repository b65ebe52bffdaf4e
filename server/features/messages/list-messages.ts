import type { Kysely } from 'kysely'
import type { Database } from '../../../db/schema.ts'
import { inSnapshot } from '../../../db/snapshot.ts'
import type { Trx } from '../../log/commit.ts'
import { requireParticipant } from '../threads/require-participant.ts'
import { selectMessages, toMessage, type MessageRow } from './message-dto.ts'
import type { ListInput, MessagePage } from './messages.schema.ts'

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
  return inSnapshot(db, async (snapshot) => {
    await requireParticipant(snapshot, actorId, input.threadId)
    const { head } = await snapshot
      .selectFrom('streams')
      .select('head')
      .where('id', '=', input.threadId)
      .executeTakeFirstOrThrow()
    const { rows, hasOlder, hasNewer } = await readPage(snapshot, input)
    return { messages: rows.map(toMessage), head, hasOlder, hasNewer }
  })
}

interface Page {
  rows: MessageRow[]
  hasOlder: boolean
  hasNewer: boolean
}

async function readPage(snapshot: Trx, input: ListInput): Promise<Page> {
  const { threadId, limit } = input
  if (input.after !== undefined) {
    const newer = await readNewer(snapshot, threadId, input.after, limit + 1)
    const older = await readOlder(snapshot, threadId, input.after, 1)
    return {
      rows: newer.slice(0, limit),
      hasOlder: older.length > 0,
      hasNewer: newer.length > limit,
    }
  }
  if (input.around === undefined) {
    const end = input.before === undefined ? Number.MAX_SAFE_INTEGER : input.before - 1
    const older = await readOlder(snapshot, threadId, end, limit + 1)
    const newer = input.before === undefined ? [] : await readNewer(snapshot, threadId, end, 1)
    return {
      rows: older.slice(0, limit).reverse(),
      hasOlder: older.length > limit,
      hasNewer: newer.length > 0,
    }
  }
  // Half of the page before and with the middle, half after it; what one side lacks the other gets.
  const older = await readOlder(snapshot, threadId, input.around, limit + 1)
  const newer = await readNewer(snapshot, threadId, input.around, limit + 1)
  const fromOlder = Math.min(
    older.length,
    limit - Math.min(newer.length, Math.floor((limit - 1) / 2)),
  )
  const fromNewer = limit - fromOlder
  return {
    rows: [...older.slice(0, fromOlder).reverse(), ...newer.slice(0, fromNewer)],
    hasOlder: older.length > fromOlder,
    hasNewer: newer.length > fromNewer,
  }
}

/** Newest first, up to and with `seq`. */
function readOlder(
  snapshot: Trx,
  threadId: string,
  seq: number,
  limit: number,
): Promise<MessageRow[]> {
  return selectMessages(snapshot)
    .where('messages.threadId', '=', threadId)
    .where('messages.seq', '<=', seq)
    .orderBy('messages.seq', 'desc')
    .limit(limit)
    .execute()
}

/** Oldest first, from after `seq` on. */
function readNewer(
  snapshot: Trx,
  threadId: string,
  seq: number,
  limit: number,
): Promise<MessageRow[]> {
  return selectMessages(snapshot)
    .where('messages.threadId', '=', threadId)
    .where('messages.seq', '>', seq)
    .orderBy('messages.seq')
    .limit(limit)
    .execute()
}
