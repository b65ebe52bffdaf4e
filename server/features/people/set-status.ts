import { sql } from 'kysely'
import type { Trx } from '../../log/commit.ts'
import { announcePerson, lockPerson } from './announce-person.ts'
import { getSelf } from './get-self.ts'
import type { Self, SetStatusInput } from './people.schema.ts'

/** Sets or clears the actor's status: empty, or over before it begins, is none. Nothing new, no event. */
export async function setStatus(trx: Trx, actorId: string, input: SetStatusInput): Promise<Self> {
  const before = await lockPerson(trx, actorId)
  const until = input.until === null ? null : new Date(input.until)
  const none = (input.text === '' && input.emoji === '') || (await isOver(trx, until))
  const after = {
    statusText: none ? null : input.text,
    statusEmoji: none ? null : input.emoji,
    statusUntil: none ? null : until,
  }
  const same =
    before.statusText === after.statusText &&
    before.statusEmoji === after.statusEmoji &&
    before.statusUntil?.getTime() === after.statusUntil?.getTime()
  if (!same) {
    await trx.updateTable('users').set(after).where('id', '=', actorId).execute()
    await announcePerson(trx, actorId, actorId)
  }
  return getSelf(trx, actorId)
}

/** By the clock of the database, which is the same for all instances. */
async function isOver(trx: Trx, until: Date | null): Promise<boolean> {
  if (until === null) return false
  const { rows } = await sql<{ over: boolean }>`
    select ${until}::timestamptz <= clock_timestamp() as over`.execute(trx)
  return rows[0]?.over ?? false
}
