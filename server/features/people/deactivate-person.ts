import { sql } from 'kysely'
import { AppError } from '../../errors.ts'
import type { Trx } from '../../log/commit.ts'
import { endSessions } from '../accounts/end-sessions.ts'
import { endTokens } from '../accounts/end-tokens.ts'
import { announcePerson, lockPerson } from './announce-person.ts'
import type { Person } from './people.schema.ts'
import { toPerson } from './person-dto.ts'
import { requireAnotherOwner } from './require-another-owner.ts'
import { requireStaff } from './require-staff.ts'

/**
 * Shuts a person out: sessions and tokens end, what they wrote stays. Admins may, owners only by owners.
 * @throws AppError PERSON_NOT_FOUND, NOT_ALLOWED, LAST_OWNER
 */
export async function deactivatePerson(
  trx: Trx,
  actorId: string,
  { personId }: { personId: string },
): Promise<Person> {
  const before = await lockPerson(trx, personId)
  const role = await requireStaff(trx, actorId, ['owner', 'admin'])
  if (before.deactivatedAt !== null) return toPerson(before)
  if (before.role === 'owner') {
    if (role !== 'owner') throw new AppError('NOT_ALLOWED', 'Only owners may deactivate an owner.')
    await requireAnotherOwner(trx, personId)
  }
  await trx
    .updateTable('users')
    .set({ deactivatedAt: sql<Date>`clock_timestamp()` })
    .where('id', '=', personId)
    .execute()
  await endSessions(trx, actorId, personId, { except: null })
  await endTokens(trx, actorId, personId)
  return announcePerson(trx, actorId, personId)
}
