import { AppError } from '../../errors.ts'
import type { Trx } from '../../log/commit.ts'
import { getSelf } from './get-self.ts'
import { announcePerson, lockPerson } from './announce-person.ts'
import type { Self, UpdateProfileInput } from './people.schema.ts'

/**
 * Changes what is given of the actor's own profile. Nothing new, no event.
 * @throws AppError HANDLE_TAKEN
 */
export async function updateProfile(
  trx: Trx,
  actorId: string,
  input: UpdateProfileInput,
): Promise<Self> {
  const { name, handle, title, timeZone } = input
  const before = await lockPerson(trx, actorId)
  const changes = {
    ...(name !== undefined && name !== before.name && { name }),
    ...(handle !== undefined && handle !== before.handle && { handle }),
    ...(title !== undefined && title !== before.title && { title }),
    ...(timeZone !== undefined && timeZone !== before.timeZone && { timeZone }),
  }
  if (Object.keys(changes).length === 0) return getSelf(trx, actorId)
  if (changes.handle !== undefined) await refuseTaken(trx, changes.handle)
  await trx.updateTable('users').set(changes).where('id', '=', actorId).execute()
  await announcePerson(trx, actorId, actorId)
  return getSelf(trx, actorId)
}

async function refuseTaken(trx: Trx, handle: string): Promise<void> {
  const taken = await trx
    .selectFrom('users')
    .select('id')
    .where('handle', '=', handle)
    .executeTakeFirst()
  if (taken) throw new AppError('HANDLE_TAKEN', 'This handle is taken. Choose another.')
}
