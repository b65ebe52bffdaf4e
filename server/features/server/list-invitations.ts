import type { Kysely } from 'kysely'
import type { Database } from '../../../db/schema.ts'
import { invitationColumns, toInvitation } from './create-invitation.ts'
import type { Invitation } from './server.schema.ts'

const mostShown = 500

/** Newest first; used up, ended and revoked ones, too. */
export async function listInvitations(db: Kysely<Database>): Promise<Invitation[]> {
  const rows = await db
    .selectFrom('invitations')
    .select(invitationColumns)
    .orderBy('id', 'desc')
    .limit(mostShown)
    .execute()
  return rows.map(toInvitation)
}
