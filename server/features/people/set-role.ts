import { AppError } from '../../errors.ts'
import type { Trx } from '../../log/commit.ts'
import { announcePerson, lockPerson } from './announce-person.ts'
import type { Person, SetRoleInput } from './people.schema.ts'
import { toPerson } from './person-dto.ts'
import { requireAnotherOwner } from './require-another-owner.ts'
import { requireStaff } from './require-staff.ts'

/**
 * Gives a person another role on the server. Only owners may; bots stay members, since nobody stands behind them.
 * @throws AppError PERSON_NOT_FOUND, NOT_ALLOWED, LAST_OWNER
 */
export async function setRole(trx: Trx, actorId: string, input: SetRoleInput): Promise<Person> {
  const before = await lockPerson(trx, input.personId)
  await requireStaff(trx, actorId, ['owner'])
  if (before.role === input.role) return toPerson(before)
  if (before.kind === 'bot' || before.deactivatedAt !== null)
    throw new AppError('NOT_ALLOWED', 'Only active people can be given a role.')
  if (before.role === 'owner') await requireAnotherOwner(trx, before.id)
  await trx.updateTable('users').set({ role: input.role }).where('id', '=', before.id).execute()
  return announcePerson(trx, actorId, before.id)
}
