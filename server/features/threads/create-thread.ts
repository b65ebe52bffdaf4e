import { AppError } from '../../errors.ts'
import { appendEvent, createStream, lockStreams } from '../../log/append.ts'
import type { Trx } from '../../log/commit.ts'
import { admitParticipants } from './admit-participants.ts'
import { announceOpenThread, serverStreamId } from './announce-open-thread.ts'
import { getThread } from './get-thread.ts'
import { threadColumns, toThread, type ThreadRow } from './thread-dto.ts'
import type { CreateInput, MyThread } from './threads.schema.ts'

/** A direct thread is small enough to be called by its people; with more, a private thread with a title is clearer. */
const mostInDirect = 10

/**
 * Starts a thread, once: the same clientId again gives the same thread, and so do the same people of a direct one,
 * whoever asks. Everyone named is in it from its first event on.
 * @throws AppError INPUT_INVALID, PERSON_NOT_FOUND, CLIENT_ID_REUSED when the id made another kind of thread before.
 */
export async function createThread(
  trx: Trx,
  actorId: string,
  input: CreateInput,
): Promise<MyThread> {
  const { clientId, kind, title, topic = '', participantIds = [] } = input
  const invited = [...new Set(participantIds)].filter((id) => id !== actorId)
  const people = [actorId, ...invited]
  const directKey = kind === 'direct' ? [...people].sort().join() : null
  if (kind === 'direct' && (people.length < 2 || people.length > mostInDirect))
    throw new AppError('INPUT_INVALID', `A direct thread is for 2 to ${mostInDirect} people.`)
  if (kind !== 'direct' && title === undefined)
    throw new AppError('INPUT_INVALID', 'title: a thread needs a title')

  // All their streams are locked, the actor's own too: whoever makes the same thread at the same time waits here.
  await lockStreams(trx, [...people, ...(kind === 'open' ? [await serverStreamId(trx)] : [])])
  const existing = await findExisting(trx, actorId, { clientId, kind, directKey })
  if (existing !== null) return getThread(trx, actorId, { threadId: existing })

  const row = await trx
    .insertInto('threads')
    .values({
      id: await createStream(trx, 'thread'),
      kind,
      title: kind === 'direct' ? null : (title ?? null),
      topic,
      directKey,
      createdBy: actorId,
      clientId,
    })
    .returning(threadColumns)
    .executeTakeFirstOrThrow()
  await announceCreated(trx, actorId, row, people)
  return getThread(trx, actorId, { threadId: row.id })
}

async function announceCreated(
  trx: Trx,
  actorId: string,
  row: ThreadRow,
  people: readonly string[],
): Promise<void> {
  const thread = toThread(row)
  const created = await appendEvent(trx, thread.id, 'thread.created', actorId, { thread })
  const admissions = people.map((userId) => ({
    userId,
    role: userId === actorId && thread.kind !== 'direct' ? ('owner' as const) : ('member' as const),
  }))
  await admitParticipants(trx, actorId, thread, admissions, created.seq)
  await announceOpenThread(trx, actorId, thread)
}

async function findExisting(
  trx: Trx,
  actorId: string,
  wanted: { clientId: string; kind: string; directKey: string | null },
): Promise<string | null> {
  const made = await trx
    .selectFrom('threads')
    .select(['id', 'kind', 'directKey'])
    .where('createdBy', '=', actorId)
    .where('clientId', '=', wanted.clientId)
    .executeTakeFirst()
  if (made && (made.kind !== wanted.kind || made.directKey !== wanted.directKey))
    throw new AppError('CLIENT_ID_REUSED', 'This clientId made another thread before.')
  if (made) return made.id
  if (wanted.directKey === null) return null
  const same = await trx
    .selectFrom('threads')
    .select('id')
    .where('directKey', '=', wanted.directKey)
    .executeTakeFirst()
  return same?.id ?? null
}
