import { done } from '../accounts/accounts.schema.ts'
import { requireParticipant } from '../threads/require-participant.ts'
import { procedure, router } from '../../trpc.ts'
import { hintStream, sendInput } from './presence.schema.ts'

export const presenceRouter = router({
  /** Typing and presence of others; begins with who is here. Lost hints are not repeated. */
  stream: procedure('signed-in')
    .output(hintStream)
    .subscription(({ ctx: { services, actor }, signal }) =>
      services.presence.follow(actor, signal),
    ),

  send: procedure('participant')
    .input(sendInput)
    .output(done)
    .mutation(async ({ ctx: { services, actor }, input }) => {
      if (input.type === 'presence') services.presence.note(actor.id, input.state === 'active')
      else {
        await requireParticipant(services.db, actor.id, input.threadId)
        services.presence.type(actor.id, input.threadId)
      }
      return { ok: true as const }
    }),
})
