/** People, tokens and threads of the bench in a database of Skein's, through its own verbs; long history as SQL. */
import { createServices } from '../../../server/services.ts'
import { readEnv } from '../../../server/env.ts'
import { createPerson } from '../../../server/features/accounts/create-person.ts'
import { issueToken } from '../../../server/features/accounts/issue-token.ts'
import { createThread } from '../../../server/features/threads/create-thread.ts'
import type { Services } from '../../../server/services.ts'
import type { Ground } from '../../ground/ground.ts'
import { world } from '../target.ts'

export interface SkeinWorld {
  /** Bearer token of each person. */
  tokens: string[]
  /** id of each thread, by the number it has in the bench. */
  threadIds: string[]
  /** seq of the first message in the thread of history. */
  firstHistorySeq: number
}

export interface WorldSize {
  people: number
  smallThreads: number
  membersOfSmall: number
  historyMessages: number
  /** History with its events, as the log of a server that grew up to it. */
  historyInLog: boolean
}

const peopleAtOnce = 100

export async function fillWorld(
  ground: Ground,
  databaseUrl: string,
  size: WorldSize,
): Promise<SkeinWorld> {
  const env = readEnv({ NODE_ENV: 'production', LOG_LEVEL: 'warn' })
  const services = await createServices(env, databaseUrl)
  try {
    const people = await addPeople(services, size.people)
    const ids = people.map(({ id }) => id)
    const threadIds = await startThreads(services, ids, size)
    const firstHistorySeq = await writeHistory(
      ground,
      databaseUrl,
      threadIds[world.historyThread] ?? '',
      size,
    )
    return { tokens: people.map(({ token }) => token), threadIds, firstHistorySeq }
  } finally {
    await services.close()
  }
}

/** Bots: people but for a password, and they are in no thread that they were not asked into. */
async function addPeople(
  services: Services,
  count: number,
): Promise<{ id: string; token: string }[]> {
  const people: { id: string; token: string }[] = []
  while (people.length < count) {
    const from = people.length
    const added = await services.commit(async (trx) => {
      const batch: typeof people = []
      for (let n = from; n < Math.min(count, from + peopleAtOnce); n++) {
        const { id } = await createPerson(trx, {
          kind: 'bot',
          name: `Person ${n}`,
          handle: `person${n}`,
          email: null,
          passwordHash: null,
        })
        const { secret } = await issueToken(trx, id, { name: 'bench', days: null })
        batch.push({ id, token: secret })
      }
      return batch
    })
    people.push(...added)
  }
  return people
}

async function startThreads(
  services: Services,
  people: readonly string[],
  { smallThreads, membersOfSmall }: WorldSize,
): Promise<string[]> {
  const start = (members: readonly string[], title: string) =>
    services.commit(async (trx) => {
      const [owner = '', ...participantIds] = members
      const input = { clientId: title, kind: 'private' as const, title, participantIds }
      return (await createThread(trx, owner, input)).id
    })
  const threadIds: string[] = []
  threadIds[world.largeThread] = await start(people, 'everyone')
  for (let n = 0; n < smallThreads; n++) {
    const members = people.slice(n * membersOfSmall, (n + 1) * membersOfSmall)
    threadIds[world.firstSmallThread + n] = await start(members, `small ${n}`)
  }
  threadIds[world.historyThread] = await start(people.slice(0, 1), 'history')
  return threadIds
}

/** Messages; without their events where pages are all that is read: those look at the log for its head only. */
async function writeHistory(
  ground: Ground,
  databaseUrl: string,
  threadId: string,
  { historyMessages: count, historyInLog }: WorldSize,
): Promise<number> {
  const client = await ground.connect(databaseUrl)
  try {
    const { rows } = await client.query<{ head: number }>(
      'select head::int from streams where id = $1',
      [threadId],
    )
    const head = rows[0]?.head ?? 0
    // The rows are whole, as checks of them would find at length.
    await client.query('set session_replication_role = replica')
    await client.query(
      `insert into messages (id, thread_id, seq, author_id, client_id, text)
       select ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, $1, $2 + n,
              ids[1 + n % array_length(ids, 1)], 'history-' || lpad(n::text, 8, '0'),
              'message ' || lpad(n::text, 8, '0') || ' of a long conversation'
       from generate_series(1, $3::int) n, (select array_agg(id) as ids from users) people`,
      [threadId, head, count],
    )
    // Of long ago: before the place of whatever reacts to events, and of every cursor.
    if (historyInLog)
      await client.query(
        `insert into events (xid, stream_id, seq, type, version, actor_id, payload)
         select '3'::xid8, thread_id, seq, 'message.posted', 1, author_id, jsonb_build_object('message',
                  jsonb_build_object('id', id, 'threadId', thread_id, 'seq', seq, 'text', text))
         from messages where thread_id = $1`,
        [threadId],
      )
    await client.query('update streams set head = head + $2 where id = $1', [threadId, count])
    await client.query('vacuum analyze')
    // What was filled in is on disk then, and not written out while something else is measured.
    await client.query('checkpoint')
    return head + 1
  } finally {
    await client.end()
  }
}
