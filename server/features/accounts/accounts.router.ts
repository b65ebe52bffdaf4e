import type { Context } from '../../context.ts'
import { AppError } from '../../errors.ts'
import { openProcedure, procedure, router } from '../../trpc.ts'
import { getSelf } from '../people/get-self.ts'
import {
  changePasswordInput,
  createdTokenOutput,
  createTokenInput,
  done,
  revokedOutput,
  revokeSessionInput,
  revokeTokenInput,
  sessionsOutput,
  signInInput,
  signUpInput,
  tokensOutput,
  userOutput,
} from './accounts.schema.ts'
import { changePassword } from './change-password.ts'
import { createToken } from './create-token.ts'
import { listSessions } from './list-sessions.ts'
import { listTokens } from './list-tokens.ts'
import { revokeOtherSessions } from './revoke-other-sessions.ts'
import { revokeSession } from './revoke-session.ts'
import { revokeToken } from './revoke-token.ts'
import { signIn } from './sign-in.ts'
import { signOut } from './sign-out.ts'
import { signUp } from './sign-up.ts'

/** Before any work: a session whose cookie cannot be handed over would be of use to nobody. */
function requireCookies(ctx: Context): (header: string) => void {
  if (ctx.setCookie === null)
    throw new AppError(
      'HTTP_NEEDED',
      'Sign up, in and out over HTTP, from our own pages: no cookie can be set here.',
    )
  return ctx.setCookie
}

const ok = { ok: true } as const

export const accountsRouter = router({
  signUp: openProcedure
    .input(signUpInput)
    .output(userOutput)
    .mutation(async ({ ctx, input }) => {
      const setCookie = requireCookies(ctx)
      const { accounts, commit } = ctx.services
      const { user, cookie } = await signUp(accounts, commit, input, ctx)
      setCookie(cookie)
      return { user }
    }),

  signIn: openProcedure
    .input(signInInput)
    .output(userOutput)
    .mutation(async ({ ctx, input }) => {
      const setCookie = requireCookies(ctx)
      const { accounts, commit } = ctx.services
      const { user, cookie } = await signIn(accounts, commit, input, ctx)
      setCookie(cookie)
      return { user }
    }),

  /** Signed out already is fine: the cookie is taken back in any case. */
  signOut: openProcedure.output(done).mutation(async ({ ctx }) => {
    const setCookie = requireCookies(ctx)
    const { actor, services } = ctx
    if (actor) await services.commit((trx) => signOut(trx, actor))
    setCookie(services.accounts.cookie.blank())
    return ok
  }),

  me: procedure('signed-in')
    .output(userOutput)
    .query(async ({ ctx }) => ({ user: await getSelf(ctx.services.db, ctx.actor.id) })),

  changePassword: procedure('signed-in')
    .input(changePasswordInput)
    .output(done)
    .mutation(async ({ ctx, input }) => {
      const { accounts, commit } = ctx.services
      await changePassword(accounts, commit, ctx.actor, input, ctx)
      return ok
    }),

  sessions: router({
    list: procedure('signed-in')
      .output(sessionsOutput)
      .query(async ({ ctx }) => ({ sessions: await listSessions(ctx.services.db, ctx.actor) })),

    revoke: procedure('signed-in')
      .input(revokeSessionInput)
      .output(done)
      .mutation(async ({ ctx, input }) => {
        await ctx.services.commit((trx) => revokeSession(trx, ctx.actor.id, input))
        return ok
      }),

    revokeOthers: procedure('signed-in')
      .output(revokedOutput)
      .mutation(async ({ ctx }) => ({
        revoked: await ctx.services.commit((trx) => revokeOtherSessions(trx, ctx.actor)),
      })),
  }),

  tokens: router({
    create: procedure('signed-in')
      .input(createTokenInput)
      .output(createdTokenOutput)
      .mutation(({ ctx, input }) =>
        ctx.services.commit((trx) => createToken(trx, ctx.actor, input)),
      ),

    list: procedure('signed-in')
      .output(tokensOutput)
      .query(async ({ ctx }) => ({ tokens: await listTokens(ctx.services.db, ctx.actor.id) })),

    revoke: procedure('signed-in')
      .input(revokeTokenInput)
      .output(done)
      .mutation(async ({ ctx, input }) => {
        await ctx.services.commit((trx) => revokeToken(trx, ctx.actor.id, input))
        return ok
      }),
  }),
})
