import { adminProcedure, ownerProcedure, procedure, router } from '../../trpc.ts'
import { done } from '../accounts/accounts.schema.ts'
import { createInvitation } from './create-invitation.ts'
import { getServer } from './get-server.ts'
import { listInvitations } from './list-invitations.ts'
import { revokeInvitation } from './revoke-invitation.ts'
import {
  createdInvitationOutput,
  createInvitationInput,
  invitationsOutput,
  revokeInvitationInput,
  serverOutput,
  updateInput,
} from './server.schema.ts'
import { updateServer } from './update-server.ts'

export const serverRouter = router({
  get: procedure('signed-in')
    .output(serverOutput)
    .query(async ({ ctx }) => ({ server: await getServer(ctx.services.db) })),

  update: ownerProcedure
    .input(updateInput)
    .output(serverOutput)
    .mutation(async ({ ctx, input }) => ({
      server: await ctx.services.commit((trx) => updateServer(trx, ctx.actor.id, input)),
    })),

  invitations: router({
    create: adminProcedure
      .input(createInvitationInput)
      .output(createdInvitationOutput)
      .mutation(async ({ ctx, input }) => {
        const { commit, env } = ctx.services
        const { invitation, code } = await commit((trx) =>
          createInvitation(trx, ctx.actor.id, input),
        )
        return { invitation, code, url: new URL(`/join/${code}`, publicUrl(env)).href }
      }),

    list: adminProcedure
      .output(invitationsOutput)
      .query(async ({ ctx }) => ({ invitations: await listInvitations(ctx.services.db) })),

    revoke: adminProcedure
      .input(revokeInvitationInput)
      .output(done)
      .mutation(async ({ ctx, input }) => {
        await ctx.services.commit((trx) => revokeInvitation(trx, ctx.actor.id, input))
        return { ok: true as const }
      }),
  }),
})

/** Without PUBLIC_URL the server answers to loopback names only. */
function publicUrl(env: { PUBLIC_URL?: string | undefined; PORT: number }): string {
  return env.PUBLIC_URL ?? `http://localhost:${env.PORT}`
}
