import type { TRPCLink } from '@trpc/client'
import { observable } from '@trpc/server/observable'
import type { Connection } from '../connection/connection.ts'
import type { Router } from '../contract.ts'
import { skeinErrorOf } from '../skein-error.ts'

/** Subscriptions over the client's connection: they survive its losses, tracked ones from the last item they had. */
export function subscriptionLink(connection: Connection): TRPCLink<Router> {
  return () =>
    ({ op }) =>
      observable((observer) => {
        let lastEventId: string | undefined
        try {
          const joined = connection.join({
            path: op.path,
            input: () =>
              lastEventId === undefined ? op.input : { ...(op.input as object), lastEventId },
            data(value, id) {
              lastEventId = id ?? lastEventId
              observer.next({ result: { type: 'data', data: value }, context: op.context })
            },
            refused: (error) => observer.error(error),
          })
          return () => joined.leave()
        } catch (error) {
          // The client was closed.
          return observer.error(skeinErrorOf(error))
        }
      })
}
