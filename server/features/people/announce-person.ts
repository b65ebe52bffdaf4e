import { AppError } from '../../errors.ts'
import { appendEvent, lockStreams } from '../../log/append.ts'
import type { Trx } from '../../log/commit.ts'
import { getServer } from '../server/get-server.ts'
import type { Person } from './people.schema.ts'
import { personColumns, selfColumns, toPerson, type SelfRow } from './person-dto.ts'

/**
 * Locks the server's stream, and with it every change to people, and the person's own.
 * @returns the person as they are now.
 * @throws AppError PERSON_NOT_FOUND
 */
export async function lockPerson(trx: Trx, personId: string): Promise<SelfRow> {
  await lockStreams(trx, [(await getServer(trx)).id, personId])
  const row = await trx
    .selectFrom('users')
    .select(selfColumns)
    .where('id', '=', personId)
    .executeTakeFirst()
  if (!row) throw new AppError('PERSON_NOT_FOUND', 'There is no such person here.')
  return row
}

/** Tells everyone what a locked person is now. @returns the same. */
export async function announcePerson(trx: Trx, actorId: string, personId: string): Promise<Person> {
  const row = await trx
    .selectFrom('users')
    .select(personColumns)
    .where('id', '=', personId)
    .executeTakeFirstOrThrow()
  const person = toPerson(row)
  await appendEvent(trx, (await getServer(trx)).id, 'person.updated', actorId, { person })
  return person
}
