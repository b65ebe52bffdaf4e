import { openProcedure, router } from '../../trpc.ts'
import { httpLimits } from '../../http/limits.ts'
import { socketLimits } from '../../http/sockets/limits.ts'
import { maxMessageLength } from '../messages/messages.schema.ts'
import { getInfo } from './get-info.ts'
import { infoOutput } from './server.schema.ts'

export const systemRouter = router({
  info: openProcedure.output(infoOutput).query(async ({ ctx }) => {
    const { db, env, server } = ctx.services
    return {
      ...(await getInfo(db)),
      version: env.version,
      epoch: server.epoch,
      limits: {
        messageLength: maxMessageLength,
        batchCalls: httpLimits.batchCalls,
        requestBytes: httpLimits.apiBodyBytes,
        callBytes: socketLimits.callBytes,
        callsPerSecond: env.CALLS_PER_SECOND,
        frameBytes: socketLimits.frameBytes,
        subscriptionsPerSocket: socketLimits.subscriptions,
        socketsPerPerson: socketLimits.socketsPerPerson,
      },
      features: { nats: env.NATS_URL !== '' },
    }
  }),
})
