import { procedure, router } from '../../trpc.ts'
import { addParticipants } from './add-participants.ts'
import { archiveThread } from './archive-thread.ts'
import { browseThreads } from './browse-threads.ts'
import { createThread } from './create-thread.ts'
import { getThread } from './get-thread.ts'
import { joinThread } from './join-thread.ts'
import { leaveThread } from './leave-thread.ts'
import { listParticipants } from './list-participants.ts'
import { listThreads } from './list-threads.ts'
import { markRead } from './mark-read.ts'
import { markUnread } from './mark-unread.ts'
import { removeParticipant } from './remove-participant.ts'
import { setParticipantRole } from './set-participant-role.ts'
import * as schema from './threads.schema.ts'
import { updateThread } from './update-thread.ts'

const participantsRouter = router({
  list: procedure('participant')
    .input(schema.participantsListInput)
    .output(schema.participantsOutput)
    .query(({ ctx, input }) => listParticipants(ctx.services.db, ctx.actor.id, input)),

  add: procedure('participant')
    .input(schema.addParticipantsInput)
    .output(schema.addedOutput)
    .mutation(async ({ ctx, input }) => ({
      participants: await ctx.services.commit((trx) => addParticipants(trx, ctx.actor.id, input)),
    })),

  remove: procedure('moderator')
    .input(schema.removeParticipantInput)
    .output(schema.done)
    .mutation(async ({ ctx, input }) => {
      await ctx.services.commit((trx) => removeParticipant(trx, ctx.actor.id, input))
      return { ok: true }
    }),

  setRole: procedure('moderator')
    .input(schema.setRoleInput)
    .output(schema.participantOutput)
    .mutation(async ({ ctx, input }) => ({
      participant: await ctx.services.commit((trx) => setParticipantRole(trx, ctx.actor.id, input)),
    })),
})

export const threadsRouter = router({
  create: procedure('signed-in')
    .input(schema.createInput)
    .output(schema.threadOutput)
    .mutation(async ({ ctx, input }) => ({
      thread: await ctx.services.commit((trx) => createThread(trx, ctx.actor.id, input)),
    })),

  list: procedure('signed-in')
    .input(schema.listInput)
    .output(schema.listOutput)
    .query(({ ctx, input }) => listThreads(ctx.services.db, ctx.actor.id, input)),

  get: procedure('participant')
    .input(schema.threadInput)
    .output(schema.threadOutput)
    .query(async ({ ctx, input }) => ({
      thread: await getThread(ctx.services.db, ctx.actor.id, input),
    })),

  browse: procedure('signed-in')
    .input(schema.browseInput)
    .output(schema.browseOutput)
    .query(({ ctx, input }) => browseThreads(ctx.services.db, ctx.actor.id, input)),

  join: procedure('signed-in')
    .input(schema.threadInput)
    .output(schema.threadOutput)
    .mutation(async ({ ctx, input }) => ({
      thread: await ctx.services.commit((trx) => joinThread(trx, ctx.actor.id, input)),
    })),

  leave: procedure('participant')
    .input(schema.threadInput)
    .output(schema.done)
    .mutation(async ({ ctx, input }) => {
      await ctx.services.commit((trx) => leaveThread(trx, ctx.actor.id, input))
      return { ok: true }
    }),

  update: procedure('participant')
    .input(schema.updateInput)
    .output(schema.threadOutput)
    .mutation(async ({ ctx, input }) => ({
      thread: await ctx.services.commit((trx) => updateThread(trx, ctx.actor.id, input)),
    })),

  archive: procedure('moderator')
    .input(schema.archiveInput)
    .output(schema.threadOutput)
    .mutation(async ({ ctx, input }) => ({
      thread: await ctx.services.commit((trx) => archiveThread(trx, ctx.actor.id, input)),
    })),

  markRead: procedure('participant')
    .input(schema.markReadInput)
    .output(schema.readOutput)
    .mutation(async ({ ctx, input }) => ({
      readSeq: await ctx.services.commit((trx) => markRead(trx, ctx.actor.id, input)),
    })),

  markUnread: procedure('participant')
    .input(schema.markUnreadInput)
    .output(schema.readOutput)
    .mutation(async ({ ctx, input }) => ({
      readSeq: await ctx.services.commit((trx) => markUnread(trx, ctx.actor.id, input)),
    })),

  participants: participantsRouter,
})
