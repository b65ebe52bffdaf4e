import { sql } from 'kysely'
import { safeHorizon } from '../../log/safe-horizon.ts'
import type { Access } from '../../log/access.ts'
import type { LogEventOf } from '../../events.ts'

/**
 * Everyone follows the server's stream, their own, and those of the threads they take part in. Who left a thread may
 * still read what was committed up to the event that let them out, never beyond it.
 */
export const threadAccess: Access = {
  async look(db, viewers) {
    const userIds = viewers.map(({ userId }) => userId)
    const horizons = viewers.map(({ horizon }) => horizon)
    // One statement, so one snapshot: what it does not see yet has an id at or above the horizon it returns.
    const { rows } = await sql<{
      horizon: string
      end: string
      streams: string[]
      missed: [stream: string, from: number, upTo: number][]
    }>`
      select ${safeHorizon(sql`now.snapshot`)}::text as horizon, pg_snapshot_xmax(now.snapshot)::text as end,
        array(
          select thread_id from participants where user_id = viewer.id and left_seq is null
          union all select viewer.id union all select stream_id from server
        ) as streams,
        (
          select coalesce(json_agg(json_build_array(mine.stream, first.from, mine.up_to) order by mine.stream), '[]')
          from (
            select p.thread_id as stream, coalesce(p.left_seq, s.head) as up_to
            from participants p join streams s on s.id = p.thread_id where p.user_id = viewer.id
            union all select id, head from streams where id = viewer.id or id = (select stream_id from server)
          ) mine
          cross join lateral (
            select e.seq as from from events e
            where e.stream_id = mine.stream and e.seq <= mine.up_to and e.seq > coalesce((
              -- Backwards: over what was missed, and one more, however long the stream is.
              select known.seq from events known
              where known.stream_id = mine.stream and known.seq <= mine.up_to and known.xid < viewer.horizon
              order by known.seq desc limit 1
            ), 0)
            order by e.seq limit 1
          ) first
        ) as missed
      from (select pg_current_snapshot() as snapshot) now,
        unnest(${userIds}::uuid[], ${horizons}::xid8[]) with ordinality as viewer(id, horizon, place)
      order by viewer.place`.execute(db)
    return rows.map(({ missed, ...sight }) => ({
      ...sight,
      missed: missed.map(([stream, from, upTo]) => ({ stream, from, upTo })),
    }))
  },

  // By the type that it is carried with: most events are neither, and need not be taken apart for it.
  changeIn(carried) {
    switch (carried.type) {
      case 'participation.started': {
        const { stream, payload } = carried.event as LogEventOf<'participation.started'>
        return {
          userId: stream,
          stream: payload.thread.id,
          may: true,
          after: payload.joinedSeq - 1,
        }
      }
      case 'participant.left': {
        const { stream, payload } = carried.event as LogEventOf<'participant.left'>
        return { userId: payload.userId, stream, may: false }
      }
      default:
        return null
    }
  },

  takesBack: (event) => event.type === 'message.deleted',
}
