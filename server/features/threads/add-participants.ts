import { lockStreams } from '../../log/append.ts'
import type { Trx } from '../../log/commit.ts'
import { admitParticipants } from './admit-participants.ts'
import { findParticipants } from './find-participants.ts'
import { requireNotArchived, requireParticipant } from './require-participant.ts'
import { toThread } from './thread-dto.ts'
import { requireRule } from './require-rule.ts'
import type { AddParticipantsInput, Participant } from './threads.schema.ts'

/**
 * Brings people in as members; who is in already stays as they are.
 * @returns all of them, as participants.
 * @throws AppError THREAD_NOT_FOUND, NOT_ALLOWED, DIRECT_THREAD_FIXED, THREAD_ARCHIVED, PERSON_NOT_FOUND
 */
export async function addParticipants(
  trx: Trx,
  actorId: string,
  { threadId, userIds }: AddParticipantsInput,
): Promise<Participant[]> {
  const wanted = [...new Set(userIds)]
  // Before the lock as well: who may not do this cannot hold up a hundred people's streams.
  const early = await requireParticipant(trx, actorId, threadId)
  requireRule('addParticipants', early.thread.kind, early.role)
  await lockStreams(trx, [threadId, ...wanted])
  const { thread, role } = await requireParticipant(trx, actorId, threadId)
  requireRule('addParticipants', thread.kind, role)
  requireNotArchived(thread)
  const present = await findParticipants(trx, threadId, wanted)
  const newcomers = wanted.filter((id) => !present.some(({ person }) => person.id === id))
  const admitted = await admitParticipants(
    trx,
    actorId,
    toThread(thread),
    newcomers.map((userId) => ({ userId, role: 'member' })),
  )
  return [...present, ...admitted]
}
