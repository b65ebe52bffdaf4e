import { sql } from 'kysely'
import { appendEvent, lockStreams } from '../../log/append.ts'
import type { Trx } from '../../log/commit.ts'
import { threadNotFound } from './require-participant.ts'

export interface ReadingPosition {
  /** Everything up to this seq was seen. */
  readSeq: number
  /** seq of the thread's newest event. */
  head: number
}

/**
 * Moves the actor's read position in a thread to what `decide` makes of it. Their own stream is locked, so their
 * devices take turns, and so does a removal from the thread. No event when nothing moved.
 * @throws AppError THREAD_NOT_FOUND
 */
export async function moveReadPosition(
  trx: Trx,
  actorId: string,
  threadId: string,
  decide: (position: ReadingPosition) => number,
): Promise<number> {
  await lockStreams(trx, [actorId])
  const position = await trx
    .selectFrom('participants')
    .innerJoin('streams', 'streams.id', 'participants.threadId')
    .leftJoin('readPositions', (join) =>
      join
        .onRef('readPositions.threadId', '=', 'participants.threadId')
        .onRef('readPositions.userId', '=', 'participants.userId'),
    )
    .select((eb) => [
      'streams.head',
      eb.fn.coalesce('readPositions.seq', 'participants.joinedSeq').as('readSeq'),
    ])
    .where('participants.threadId', '=', threadId)
    .where('participants.userId', '=', actorId)
    .where('participants.leftSeq', 'is', null)
    .executeTakeFirst()
  if (!position) throw threadNotFound()
  const seq = decide(position)
  if (seq === position.readSeq) return seq
  await trx
    .insertInto('readPositions')
    .values({ userId: actorId, threadId, seq })
    .onConflict((conflict) =>
      conflict
        .columns(['userId', 'threadId'])
        .doUpdateSet({ seq, at: sql<Date>`clock_timestamp()` }),
    )
    .execute()
  await appendEvent(trx, actorId, 'read-position.moved', actorId, { threadId, seq })
  return seq
}
