import { adminProcedure, ownerProcedure, procedure, router } from '../../trpc.ts'
import { deactivatePerson } from './deactivate-person.ts'
import { getPerson } from './get-person.ts'
import {
  getInput,
  personOutput,
  searchInput,
  searchOutput,
  selfOutput,
  setRoleInput,
  setStatusInput,
  updateProfileInput,
} from './people.schema.ts'
import { reactivatePerson } from './reactivate-person.ts'
import { searchPeople } from './search-people.ts'
import { setRole } from './set-role.ts'
import { setStatus } from './set-status.ts'
import { updateProfile } from './update-profile.ts'

export const peopleRouter = router({
  search: procedure('signed-in')
    .input(searchInput)
    .output(searchOutput)
    .query(({ ctx, input }) => searchPeople(ctx.services.db, input)),

  get: procedure('signed-in')
    .input(getInput)
    .output(personOutput)
    .query(async ({ ctx, input }) => ({ person: await getPerson(ctx.services.db, input) })),

  updateProfile: procedure('signed-in')
    .input(updateProfileInput)
    .output(selfOutput)
    .mutation(async ({ ctx, input }) => ({
      user: await ctx.services.commit((trx) => updateProfile(trx, ctx.actor.id, input)),
    })),

  setStatus: procedure('signed-in')
    .input(setStatusInput)
    .output(selfOutput)
    .mutation(async ({ ctx, input }) => ({
      user: await ctx.services.commit((trx) => setStatus(trx, ctx.actor.id, input)),
    })),

  setRole: ownerProcedure
    .input(setRoleInput)
    .output(personOutput)
    .mutation(async ({ ctx, input }) => ({
      person: await ctx.services.commit((trx) => setRole(trx, ctx.actor.id, input)),
    })),

  deactivate: adminProcedure
    .input(getInput)
    .output(personOutput)
    .mutation(async ({ ctx, input }) => ({
      person: await ctx.services.commit((trx) => deactivatePerson(trx, ctx.actor.id, input)),
    })),

  reactivate: adminProcedure
    .input(getInput)
    .output(personOutput)
    .mutation(async ({ ctx, input }) => ({
      person: await ctx.services.commit((trx) => reactivatePerson(trx, ctx.actor.id, input)),
    })),
})
