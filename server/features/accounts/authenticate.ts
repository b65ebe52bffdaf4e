import type { Actor } from '../../context.ts'
import { AppError } from '../../errors.ts'
import type { Accounts } from './create-accounts.ts'
import { hashSecret } from './secret.ts'

export interface Credentials {
  cookieHeader?: string | null | undefined
  authorization?: string | null | undefined
  /** Where a renewed session cookie goes, if there is such a place. */
  setCookie?: ((header: string) => void) | null
}

/**
 * Who asks. A bearer token decides alone: where one is given, the cookie is not looked at. A cookie whose session has
 * ended is the same as none.
 * @throws AppError TOKEN_REFUSED when the bearer token is not (any more) one of ours.
 */
export async function authenticate(
  accounts: Accounts,
  credentials: Credentials,
): Promise<Actor | null> {
  const bearer = /^bearer(?:\s+(.*))?$/i.exec(credentials.authorization?.trim() ?? '')
  if (bearer) return actorOfToken(accounts, bearer[1] ?? '')
  const secret = accounts.cookie.read(credentials.cookieHeader)
  return secret === null ? null : actorOfSession(accounts, secret, credentials.setCookie ?? null)
}

async function actorOfSession(
  accounts: Accounts,
  secret: string,
  setCookie: ((header: string) => void) | null,
): Promise<Actor | null> {
  const { session, user } = await accounts.lucia.validateSession(secret)
  if (!session?.stored) return null
  const { id, endsAt, unseen } = session.stored
  if (unseen) await accounts.seen.session(id)
  if (session.fresh) setCookie?.(accounts.cookie.give(secret, endsAt))
  return { id: user.id, kind: user.kind, role: user.role, via: { type: 'session', sessionId: id } }
}

async function actorOfToken(accounts: Accounts, token: string): Promise<Actor> {
  const row = await accounts.findToken(hashSecret(token))
  if (!row)
    throw new AppError('TOKEN_REFUSED', 'This token is not valid (any more): make a new one.')
  if (row.unseen) await accounts.seen.token(row.tokenId)
  return {
    id: row.id,
    kind: row.kind,
    role: row.role,
    via: { type: 'token', tokenId: row.tokenId },
  }
}
