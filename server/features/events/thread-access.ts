import { sql } from 'kysely'
import { carry, rowToEvent } from '../../log/carried-event.ts'
import type { Access } from '../../log/access.ts'

/**
 * Everyone follows the server's stream, their own, and those of the threads they take part in. Who left a thread may
 * still read what was committed up to the event that let them out, never beyond it.
 */
export const threadAccess: Access = {
  async listStreams(db, userId) {
    const rows = await db
      .selectFrom('participants')
      .select('threadId as stream')
      .where('userId', '=', userId)
      .where('leftSeq', 'is', null)
      .unionAll(db.selectFrom('server').select('streamId as stream'))
      .execute()
    return [userId, ...rows.map((row) => row.stream)]
  },

  async findMissed(db, userId, horizon) {
    // One statement, so one snapshot: what it does not see yet has an id at or above the horizon it returns.
    const { rows } = await sql<{
      horizon: string
      end: string
      stream: string | null
      from: string | null
    }>`
      select now.horizon::text, now.until::text as end, missed.stream, missed.from
      from (select pg_snapshot_xmin(s) as horizon, pg_snapshot_xmax(s) as until from pg_current_snapshot() s) now
      left join lateral (
        select mine.stream, first.from
        from (
          select thread_id as stream, left_seq from participants where user_id = ${userId}
          union all select ${userId}::uuid, null
          union all select stream_id, null from server
        ) mine
        cross join lateral (
          select min(e.seq) as from from events e
          where e.stream_id = mine.stream and e.xid >= ${horizon}::xid8
            and (mine.left_seq is null or e.seq <= mine.left_seq)
        ) first
        where first.from is not null
      ) missed on true
      order by missed.stream`.execute(db)
    const [now] = rows
    if (!now) throw new Error('the database gave no snapshot')
    return {
      horizon: now.horizon,
      end: now.end,
      streams: rows.flatMap(({ stream, from }) =>
        stream === null ? [] : [{ stream, from: Number(from) }],
      ),
    }
  },

  async readPage(db, userId, stream, after, limit) {
    const rows = await db
      .selectFrom('events')
      .select(['streamId', 'seq', 'type', 'version', 'actorId', 'payload', 'at'])
      .where('streamId', '=', stream)
      .where('seq', '>', after)
      .where((eb) =>
        eb.or([
          eb(eb.val(stream), '=', userId),
          eb.exists(eb.selectFrom('server').select('streamId').where('streamId', '=', stream)),
          eb.exists(
            eb
              .selectFrom('participants')
              .select('threadId')
              .where('threadId', '=', stream)
              .where('userId', '=', userId)
              .where((p) =>
                p.or([p('leftSeq', 'is', null), p('leftSeq', '>=', p.ref('events.seq'))]),
              ),
          ),
        ]),
      )
      .orderBy('seq')
      .limit(limit)
      .execute()
    return rows.map((row) => carry(rowToEvent(row)))
  },

  changeIn(event) {
    switch (event.type) {
      case 'participation.started':
        return {
          userId: event.stream,
          stream: event.payload.thread.id,
          may: true,
          after: event.payload.joinedSeq - 1,
        }
      case 'participant.left':
        return { userId: event.payload.userId, stream: event.stream, may: false }
      default:
        return null
    }
  },
}
