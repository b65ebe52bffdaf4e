import { sql } from 'kysely'
import type { AppError } from '../../errors.ts'
import { appendEvents, lockStreams, type EventDraft } from '../../log/append.ts'
import { TryAgainError, type Trx } from '../../log/commit.ts'
import type { Author } from '../people/people.schema.ts'
import { clientIdReused, lookUpSends, type Send } from './look-up-sends.ts'
import type { Message } from './messages.schema.ts'
import { recordMentions } from './record-mentions.ts'

/** A message that is about to be posted. */
interface Post extends Send {
  author: Author
  seq: number
}

/**
 * Posts messages of whomever to whatever threads, each once for ever: the same clientId of the same author gives the
 * same message again. The threads are locked first, so that a send and a removal are ordered, and so are messages
 * among themselves. Each send has its own outcome: a message, or why it is refused (THREAD_NOT_FOUND,
 * THREAD_ARCHIVED, CLIENT_ID_REUSED when the id made a message elsewhere).
 * @throws TryAgainError when another transaction posted with one of the clientIds at this very moment.
 */
export async function sendMessages(
  trx: Trx,
  given: readonly Send[],
): Promise<(Message | AppError)[]> {
  // As the database writes them, since they are compared with what comes from there.
  const sends = given.map((send) => ({ ...send, threadId: send.threadId.toLowerCase() }))
  const heads = await lockStreams(
    trx,
    sends.map(({ threadId }) => threadId),
  )
  const states = await lookUpSends(trx, sends)
  const posts = new Map<string, Post>()
  const grown = new Map<string, number>()
  for (const [index, send] of sends.entries()) {
    const state = states[index]
    if (state?.is !== 'new' || posts.has(keyOf(send))) continue
    const seq = (grown.get(send.threadId) ?? heads.get(send.threadId) ?? 0) + 1
    grown.set(send.threadId, seq)
    posts.set(keyOf(send), { ...send, author: state.author, seq })
  }
  const posted = await post(trx, posts)
  return sends.map((send, index) => {
    const state = states[index]
    if (state?.is === 'refused') return state.why
    if (state?.is === 'sent') return state.message
    const message = posted.get(keyOf(send))
    if (!message) throw new Error('a message was neither posted nor refused')
    // The same id twice among these sends: the first decides which thread it is of.
    return message.threadId === send.threadId ? message : clientIdReused()
  })
}

/** The same id of the same author is the same message. */
function keyOf({ authorId, clientId }: Send): string {
  return `${authorId} ${clientId}`
}

async function post(trx: Trx, posts: ReadonlyMap<string, Post>): Promise<Map<string, Message>> {
  const rows = await insertMessages(trx, [...posts.values()])
  const messages = new Map<string, Message>()
  for (const [key, { threadId, seq, author, text, clientId }] of posts) {
    const row = rows.get(`${threadId} ${seq}`)
    // Going on without it would leave a hole in the thread's numbers. Now that it is committed, it will be found.
    if (!row) throw new TryAgainError('another transaction posted with the same clientId')
    messages.set(key, {
      id: row.id,
      threadId,
      seq,
      author,
      text,
      at: row.createdAt.toISOString(),
      editedAt: null,
      deletedAt: null,
      clientId,
    })
  }
  await recordMentions(trx, [...messages.values()])
  await appendEvents(trx, [...messages.values()].map(posting))
  return messages
}

function posting(message: Message): EventDraft {
  const { threadId: stream, author } = message
  return { stream, type: 'message.posted', actorId: author.id, payload: { message } }
}

interface PostedRow {
  id: string
  threadId: string
  seq: number
  createdAt: Date
}

/** @returns what was inserted, by thread and seq. */
async function insertMessages(trx: Trx, posts: readonly Post[]): Promise<Map<string, PostedRow>> {
  if (posts.length === 0) return new Map()
  const { rows } = await sql<PostedRow>`
    with posted as (
      insert into messages (thread_id, seq, author_id, client_id, text)
      select * from unnest(
        ${posts.map(({ threadId }) => threadId)}::uuid[],
        ${posts.map(({ seq }) => seq)}::bigint[],
        ${posts.map(({ authorId }) => authorId)}::uuid[],
        ${posts.map(({ clientId }) => clientId)}::text[],
        ${posts.map(({ text }) => text)}::text[]
      )
      -- Waits for whoever inserts the same id at this moment, in whatever thread.
      on conflict (author_id, client_id) do nothing
      returning id, thread_id, seq, created_at
    ),
    touched as (
      update threads set last_message_id = newest.id, active_at = newest.created_at
      from (select distinct on (thread_id) * from posted order by thread_id, seq desc) as newest
      where threads.id = newest.thread_id
    )
    select id, thread_id, seq, created_at from posted`.execute(trx)
  return new Map(rows.map((row) => [`${row.threadId} ${row.seq}`, row]))
}
