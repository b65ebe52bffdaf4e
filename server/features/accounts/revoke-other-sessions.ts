import type { Actor } from '../../context.ts'
import { lockStreams } from '../../log/append.ts'
import type { Trx } from '../../log/commit.ts'
import { endSessions } from './end-sessions.ts'

/** Ends all of the actor's sessions but the one by which they ask. @returns how many. */
export async function revokeOtherSessions(trx: Trx, actor: Actor): Promise<number> {
  await lockStreams(trx, [actor.id])
  return endSessions(trx, actor.id, actor.id, { except: sessionOf(actor) })
}

/** The session by which the actor asks, or null when they came with a token. */
export function sessionOf(actor: Actor): string | null {
  return actor.via.type === 'session' ? actor.via.sessionId : null
}
