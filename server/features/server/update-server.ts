import { AppError } from '../../errors.ts'
import { appendEvent, lockStreams } from '../../log/append.ts'
import type { Trx } from '../../log/commit.ts'
import { requireStaff } from '../people/require-staff.ts'
import { getServer } from './get-server.ts'
import type { Server, UpdateInput } from './server.schema.ts'

/**
 * Changes what is given of the server's settings. Nothing new, no event.
 * @throws AppError NOT_ALLOWED; INPUT_INVALID for sign-up by domain without a domain: nobody could come any more.
 */
export async function updateServer(trx: Trx, actorId: string, input: UpdateInput): Promise<Server> {
  const { id } = await getServer(trx)
  await lockStreams(trx, [id])
  await requireStaff(trx, actorId, ['owner'])
  const before = await getServer(trx)
  const after = {
    name: input.name ?? before.name,
    signUp: input.signUp ?? before.signUp,
    signUpDomains: [...new Set(input.signUpDomains ?? before.signUpDomains)],
  }
  if (after.signUp === 'domains' && after.signUpDomains.length === 0)
    throw new AppError('INPUT_INVALID', 'signUpDomains: name at least one domain')
  const same =
    before.name === after.name &&
    before.signUp === after.signUp &&
    before.signUpDomains.join() === after.signUpDomains.join()
  if (same) return before
  await trx.updateTable('server').set(after).execute()
  const server = { id, ...after }
  await appendEvent(trx, id, 'server.updated', actorId, { server })
  return server
}
