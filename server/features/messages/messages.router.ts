import { inOneGo } from '../../in-one-go.ts'
import { procedure, router } from '../../trpc.ts'
import { deleteMessage } from './delete-message.ts'
import { editMessage } from './edit-message.ts'
import { getMessage } from './get-message.ts'
import { listMessages } from './list-messages.ts'
import { listVersions } from './list-versions.ts'
import * as schema from './messages.schema.ts'

export const messagesRouter = router({
  send: procedure('participant')
    .input(inOneGo(schema.sendInput))
    .output(schema.givenMessage)
    .mutation(async ({ ctx, input }) => ({
      message: await ctx.services.postbox.send({ ...input, authorId: ctx.actor.id }),
    })),

  edit: procedure('author')
    .input(schema.editInput)
    .output(schema.messageOutput)
    .mutation(async ({ ctx, input }) => ({
      message: await ctx.services.commit((trx) => editMessage(trx, ctx.actor.id, input)),
    })),

  delete: procedure('author')
    .input(schema.messageInput)
    .output(schema.messageOutput)
    .mutation(async ({ ctx, input }) => ({
      message: await ctx.services.commit((trx) => deleteMessage(trx, ctx.actor.id, input)),
    })),

  list: procedure('participant')
    .input(inOneGo(schema.listInput))
    .output(schema.givenPage)
    .query(({ ctx, input }) => listMessages(ctx.services.readPage, ctx.actor.id, input)),

  get: procedure('participant')
    .input(schema.messageInput)
    .output(schema.messageOutput)
    .query(async ({ ctx, input }) => ({
      message: await getMessage(ctx.services.db, ctx.actor.id, input),
    })),

  history: procedure('participant')
    .input(schema.messageInput)
    .output(schema.historyOutput)
    .query(({ ctx, input }) => listVersions(ctx.services.db, ctx.actor.id, input)),
})
