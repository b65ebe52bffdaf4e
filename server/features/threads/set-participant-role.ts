import { AppError } from '../../errors.ts'
import { lockStreams } from '../../log/append.ts'
import type { Trx } from '../../log/commit.ts'
import { changeRole } from './change-role.ts'
import { findParticipants } from './find-participants.ts'
import { requireParticipant } from './require-participant.ts'
import { outranks } from '../../../client/thread-rules.ts'
import { requireRule } from './require-rule.ts'
import type { Participant, SetRoleInput } from './threads.schema.ts'

/**
 * Gives a participant another role. Nobody may touch or give a role above their own, and the last owner stays one.
 * @throws AppError THREAD_NOT_FOUND, NOT_ALLOWED, DIRECT_THREAD_FIXED, PERSON_NOT_FOUND, LAST_OWNER
 */
export async function setParticipantRole(
  trx: Trx,
  actorId: string,
  { threadId, userId, role }: SetRoleInput,
): Promise<Participant> {
  await lockStreams(trx, [threadId])
  const mine = await requireParticipant(trx, actorId, threadId)
  requireRule('setRole', mine.thread.kind, mine.role)
  const [target] = await findParticipants(trx, threadId, [userId])
  if (!target) throw new AppError('PERSON_NOT_FOUND', 'This person is not in the thread.')
  if (outranks(target.role, mine.role) || outranks(role, mine.role))
    throw new AppError('NOT_ALLOWED', 'Only an owner of the thread may make or change an owner.')
  if (target.role === role) return target
  if (target.role === 'owner' && (await countOwners(trx, threadId)) === 1)
    throw new AppError('LAST_OWNER', 'A thread keeps an owner: make somebody else one first.')
  return changeRole(trx, actorId, threadId, userId, role)
}

async function countOwners(trx: Trx, threadId: string): Promise<number> {
  const { owners } = await trx
    .selectFrom('participants')
    .select((eb) => eb.fn.countAll<number>().as('owners'))
    .where('threadId', '=', threadId)
    .where('role', '=', 'owner')
    .where('leftSeq', 'is', null)
    .executeTakeFirstOrThrow()
  return owners
}
