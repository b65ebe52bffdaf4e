import { credentialIdOf } from '../accounts/credential-id-of.ts'
import { done } from '../accounts/accounts.schema.ts'
import { requireParticipant } from '../threads/require-participant.ts'
import type { Actor } from '../../context.ts'
import { procedure, router } from '../../trpc.ts'
import type { Device } from './own-devices.ts'
import { hintStream, sendInput } from './presence.schema.ts'

export const presenceRouter = router({
  /** Typing and presence of others; begins with who is here. Lost hints are not repeated. */
  stream: procedure('signed-in')
    .output(hintStream)
    .subscription(({ ctx: { services, actor, connectionId }, signal }) =>
      services.presence.follow(actor, deviceOf(actor, connectionId), signal),
    ),

  send: procedure('participant')
    .input(sendInput)
    .output(done)
    .mutation(async ({ ctx: { services, actor, connectionId }, input }) => {
      if (input.type === 'presence') {
        services.presence.note(deviceOf(actor, connectionId), input.state === 'active')
      } else {
        await requireParticipant(services.db, actor.id, input.threadId)
        services.presence.type(actor.id, input.threadId)
      }
      return { ok: true as const }
    }),
})

/** Devices that come without a connection of their own are told apart by their session or token. */
function deviceOf(actor: Actor, connectionId: string | undefined): Device {
  const key = connectionId ?? credentialIdOf(actor)
  return { userId: actor.id, key, isProbed: connectionId !== undefined }
}
