import { sql } from 'kysely'
import { arrayLiteral } from '../../../db/array-literal.ts'
import { late, Prepared } from '../../../db/prepared.ts'
import { uuidV7 } from '../../../db/uuid-v7.ts'
import { AppError } from '../../errors.ts'
import { noteAppended } from '../../log/append.ts'
import { TryAgainError, type Trx } from '../../log/commit.ts'
import { threadArchived, threadNotFound } from '../threads/require-participant.ts'
import { findSent, type SendIdentity } from './find-sent.ts'
import { toMessage } from './message-dto.ts'
import type { Message } from './messages.schema.ts'
import {
  authorOf,
  findCalls,
  isSameClientId,
  messagePosted,
  posting,
  type AuthorColumns,
  type Call,
  type Send,
} from './send.ts'

/** What post_messages_0008 says of a send. */
interface Row extends AuthorColumns {
  place: number
  archived: boolean
  postedSeq: number | null
  postedAt: number
  sentId: string | null
  sentThreadId: string
  sentSeq: number
  sentText: string
  sentAt: Date
  editedAt: Date | null
  deletedAt: Date | null
}

/**
 * Posts messages of whomever to whatever threads, each once for ever: the same clientId of the same author gives the
 * same message again. One statement writes, the function post_messages_0008 (db/migrations), which locks the threads first, so that
 * a send and a removal are ordered, and so are messages among themselves. As everywhere, a thread is reached through the
 * author's own participation, or it is not there; only whoever repeats a send that was kept is told so after having been
 * let out, too. Each send has its own outcome: a message, or why it is refused (THREAD_NOT_FOUND, THREAD_ARCHIVED,
 * CLIENT_ID_REUSED when the id made a message elsewhere).
 * @param lockTimeout milliseconds for which it waits for a lock; by default what the connection has
 * @throws TryAgainError when another transaction posted with one of the clientIds at this very moment.
 */
export async function sendMessages(
  trx: Trx,
  sends: readonly Send[],
  lockTimeout?: number,
): Promise<(Message | AppError)[]> {
  const now = Date.now()
  const ids = sends.map(() => uuidV7(now))
  const rows = new Array<Row | undefined>(sends.length)
  for (const row of await postMessages(trx, ids, sends, lockTimeout)) rows[row.place - 1] = row

  const outside = sends.filter((_, place) => !rows[place])
  const sent = await findSent(trx, outside)

  const posted: Message[] = []
  const outcomes = sends.map((send, place) => {
    const row = rows[place]
    if (!row) {
      const before = messageOf(sent, send)
      return before?.threadId === send.threadId ? before : threadNotFound()
    }
    if (row.sentId !== null)
      return row.sentThreadId === send.threadId ? messageSent(send, row) : clientIdReused()
    if (row.postedSeq !== null) {
      const at = posted[0]?.at ?? new Date(row.postedAt).toISOString()
      const id = ids[place] ?? ''
      const message = messagePosted(send, authorOf(send.authorId, row), {
        id,
        seq: row.postedSeq,
        at,
      })
      posted.push(message)
      return message
    }
    return row.archived ? threadArchived() : null
  })
  noteAppended(trx, posted.toSorted(inOrder).map(posting))
  return outcomes.map((outcome, place) => outcome ?? repeated(sends[place], posted))
}

/** The same id of the same author is the same message. */
function messageOf(messages: readonly Message[], { authorId, clientId }: SendIdentity) {
  return messages.find((message) => message.clientId === clientId && message.author.id === authorId)
}

/** The same id twice among these sends: the first decides which thread it is of. */
function repeated(send: Send | undefined, posted: readonly Message[]) {
  const message = send && messageOf(posted, send)
  if (!message) throw new Error('a message was neither posted nor refused')
  return message.threadId === send.threadId ? message : clientIdReused()
}

interface Posting {
  ids: readonly string[]
  sends: readonly Send[]
  calls: readonly Call[]
  lockTimeout: number | undefined
}

const postStatement = new Prepared<Row, Posting>(sql`
  select place, archived, author_kind as "authorKind", author_name as "authorName", author_handle as "authorHandle",
    posted_seq as "postedSeq", posted_at as "postedAt", sent_id as "sentId", sent_thread_id as "sentThreadId",
    sent_seq as "sentSeq", sent_text as "sentText", sent_at as "sentAt", edited_at as "editedAt", deleted_at as "deletedAt"
  from post_messages_0008(
    ${late<Posting>(({ ids }) => arrayLiteral(ids))}::uuid[],
    ${late<Posting>(({ sends }) => arrayLiteral(sends.map(({ threadId }) => threadId)))}::uuid[],
    ${late<Posting>(({ sends }) => arrayLiteral(sends.map(({ authorId }) => authorId)))}::uuid[],
    ${late<Posting>(({ sends }) => arrayLiteral(sends.map(({ clientId }) => clientId)))}::text[],
    ${late<Posting>(({ sends }) => arrayLiteral(sends.map(({ text }) => text)))}::text[],
    ${late<Posting>(({ calls }) => calls.map(({ place }) => place))}::int[],
    ${late<Posting>(({ calls }) => calls.map(({ handle }) => handle))}::text[],
    ${late<Posting>(({ lockTimeout }) => (lockTimeout === undefined ? null : String(lockTimeout)))}
  )`)

async function postMessages(
  trx: Trx,
  ids: readonly string[],
  sends: readonly Send[],
  lockTimeout: number | undefined,
): Promise<Row[]> {
  try {
    return await postStatement.execute(trx, { ids, sends, calls: findCalls(sends), lockTimeout })
  } catch (error) {
    // Now that it is committed, it will be found.
    if (isSameClientId(error))
      throw new TryAgainError('another transaction posted with the same clientId')
    throw error
  }
}

function messageSent(send: Send, { sentId, ...row }: Row): Message {
  return toMessage({
    ...row,
    id: sentId ?? '',
    threadId: send.threadId,
    authorId: send.authorId,
    clientId: send.clientId,
    seq: row.sentSeq,
    text: row.sentText,
    createdAt: row.sentAt,
  })
}

function inOrder(a: Message, b: Message): number {
  return a.seq - b.seq
}

function clientIdReused(): AppError {
  return new AppError('CLIENT_ID_REUSED', 'This clientId sent a message to another thread before.')
}
