import { AppError } from '../../errors.ts'
import { appendEvent, createStream, lockStreams } from '../../log/append.ts'
import type { Trx } from '../../log/commit.ts'
import type { Self } from '../people/people.schema.ts'
import { selfColumns, toPerson, toSelf } from '../people/person-dto.ts'
import { getServer } from '../server/get-server.ts'
import { createThread } from '../threads/create-thread.ts'
import { joinThread } from '../threads/join-thread.ts'
import { findWelcomeThread, welcomeTitle } from './find-welcome-thread.ts'

export interface NewPerson {
  kind: 'person' | 'bot'
  /** Lower-cased; bots have none. */
  email: string | null
  passwordHash: string | null
  name: string
  handle: string
}

/**
 * Adds a person or bot to the server. The first person owns it, and starts the thread that everyone after them
 * joins. All who are added go through the lock of the server's stream, so there is one first.
 * @throws AppError HANDLE_TAKEN; SIGN_UP_REFUSED when the address belongs to somebody.
 */
export async function createPerson(trx: Trx, input: NewPerson): Promise<Self> {
  const server = await getServer(trx)
  const welcome = await lockWelcomeThread(trx, server.id)
  await refuseTaken(trx, input)

  const first = input.kind === 'person' && !(await hasPeople(trx))
  const row = await trx
    .insertInto('users')
    .values({
      ...input,
      id: await createStream(trx, 'user'),
      role: first ? 'owner' : 'member',
    })
    .returning(selfColumns)
    .executeTakeFirstOrThrow()
  await appendEvent(trx, server.id, 'person.joined', row.id, { person: toPerson(row) })

  if (first)
    await createThread(trx, row.id, {
      clientId: 'welcome',
      kind: 'open',
      title: welcomeTitle,
      topic: 'For everyone on this server',
    })
  else if (input.kind === 'person' && welcome !== null)
    await joinThread(trx, row.id, { threadId: welcome })
  return toSelf(row)
}

/**
 * Locks the server's stream and that of the thread to join, which may change while we wait: it is started by the
 * first person, renamed or archived. Streams are locked in id order, so one that is newly found is joined only when
 * it comes after those held; ids follow time, so it does.
 */
async function lockWelcomeThread(trx: Trx, serverStream: string): Promise<string | null> {
  const expected = await findWelcomeThread(trx)
  const held = [serverStream, ...(expected === null ? [] : [expected])]
  await lockStreams(trx, held)
  const found = await findWelcomeThread(trx)
  if (found === null || found === expected) return found
  if (held.some((id) => id > found)) return null
  await lockStreams(trx, [found])
  return found
}

async function refuseTaken(trx: Trx, { email, handle }: NewPerson): Promise<void> {
  const rows = await trx
    .selectFrom('users')
    .select(['email', 'handle'])
    .where((eb) => eb.or([eb('handle', '=', handle), eb('email', '=', email)]))
    .execute()
  // The handle first: its answer must not depend on whether the address is known.
  if (rows.some((row) => row.handle === handle))
    throw new AppError('HANDLE_TAKEN', 'This handle is taken. Choose another.')
  if (rows.length > 0)
    throw new AppError(
      'SIGN_UP_REFUSED',
      'Nobody can be signed up with these details. If you have been here before, sign in instead.',
    )
}

async function hasPeople(trx: Trx): Promise<boolean> {
  const row = await trx
    .selectFrom('users')
    .select('id')
    .where('kind', '=', 'person')
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}
