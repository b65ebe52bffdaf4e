import { done } from '../accounts/accounts.schema.ts'
import { requireParticipant } from '../threads/require-participant.ts'
import type { Actor } from '../../context.ts'
import { procedure, router } from '../../trpc.ts'
import { hintStream, sendInput } from './presence.schema.ts'

export const presenceRouter = router({
  /** Typing and presence of others; begins with who is here. Lost hints are not repeated. */
  stream: procedure('signed-in')
    .output(hintStream)
    .subscription(({ ctx: { services, actor, connectionId }, signal }) =>
      services.presence.follow(actor, connectionId ?? credentialOf(actor), signal),
    ),

  send: procedure('participant')
    .input(sendInput)
    .output(done)
    .mutation(async ({ ctx: { services, actor, connectionId }, input }) => {
      if (input.type === 'presence') {
        const device = { userId: actor.id, key: connectionId ?? credentialOf(actor) }
        services.presence.note(device, input.state === 'active')
      } else {
        await requireParticipant(services.db, actor.id, input.threadId)
        services.presence.type(actor.id, input.threadId)
      }
      return { ok: true as const }
    }),
})

/** Tells devices apart that come without a connection of their own. */
function credentialOf({ via }: Actor): string {
  return via.type === 'session' ? via.sessionId : via.tokenId
}
