import type pg from 'pg'
import { contentOf } from './content-of.ts'
import type { Fact, History, MessageRow, Stay } from './history.ts'

interface EventRow {
  stream: string
  seq: number
  type: string
  payload: { participant?: { person: { id: string } }; userId?: string }
  at: number
}

/** Reads what the database holds of these threads and people, and of the server's stream. */
export async function readHistory(
  client: pg.PoolClient,
  { threads, people }: { threads: readonly string[]; people: readonly string[] },
): Promise<History> {
  const server = await client.query<{ id: string }>(`select stream_id as id from server`)
  const serverStream = server.rows[0]?.id ?? ''
  const events = await client.query<EventRow>(
    `select stream_id as stream, seq::int as seq, type, payload, extract(epoch from at)::float8 * 1000 as at
     from events where stream_id = any($1) order by stream_id, seq`,
    [[serverStream, ...threads, ...people]],
  )
  const messages = await client.query<MessageRow>(
    `select id, seq::int as seq, thread_id as "threadId", author_id as "authorId", client_id as "clientId"
     from messages where author_id = any($1)`,
    [people],
  )
  const facts = events.rows.map((row): Fact => {
    return { stream: row.stream, seq: row.seq, content: contentOf(row), at: row.at }
  })
  return { facts, stays: staysIn(events.rows), messages: messages.rows, serverStream }
}

/** Who was in which thread, by the log itself. */
function staysIn(events: readonly EventRow[]): Stay[] {
  const stays: Stay[] = []
  const open = new Map<string, Stay>()
  for (const { stream, seq, type, payload } of events) {
    if (type === 'participant.joined') {
      const userId = payload.participant?.person.id ?? ''
      const stay: Stay = { stream, userId, from: seq, to: null }
      stays.push(stay)
      open.set(`${stream}/${userId}`, stay)
    }
    if (type === 'participant.left') {
      const stay = open.get(`${stream}/${payload.userId ?? ''}`)
      if (stay) stay.to = seq
    }
  }
  return stays
}
