import type { Trx } from '../../log/commit.ts'
import { announcePerson, lockPerson } from './announce-person.ts'
import type { Person } from './people.schema.ts'
import { toPerson } from './person-dto.ts'
import { requireStaff } from './require-staff.ts'

/**
 * Lets a deactivated person sign in again. Sessions and tokens do not come back.
 * @throws AppError PERSON_NOT_FOUND, NOT_ALLOWED
 */
export async function reactivatePerson(
  trx: Trx,
  actorId: string,
  { personId }: { personId: string },
): Promise<Person> {
  const before = await lockPerson(trx, personId)
  await requireStaff(trx, actorId, ['owner', 'admin'])
  if (before.deactivatedAt === null) return toPerson(before)
  await trx.updateTable('users').set({ deactivatedAt: null }).where('id', '=', personId).execute()
  return announcePerson(trx, actorId, personId)
}
