import { sql } from 'kysely'
import { encodeCursor } from '../../log/cursor.ts'
import { currentSnapshot, safeHorizon } from '../../log/safe-horizon.ts'
import { procedure, router } from '../../trpc.ts'
import { cursorOutput, streamInput } from './events.schema.ts'
import { FactSubscription, factSubscription } from './fact.subscription.ts'
import { credentialEnded } from '../accounts/credential-ended.ts'

export const eventsRouter = router({
  /** Take it before loading a page, subscribe with it after: nothing falls in between. */
  cursor: procedure('signed-in')
    .output(cursorOutput)
    .query(async ({ ctx: { services } }) => {
      // First: a horizon of an older history must not come under a newer epoch.
      const { epoch } = services.server
      const { rows } = await sql<{ horizon: string }>`
        select ${safeHorizon(currentSnapshot)}::text as horizon`.execute(services.db)
      return { cursor: encodeCursor({ epoch, horizon: rows[0]?.horizon ?? '0' }) }
    }),

  /** Facts of everything I may see, in order per stream, resumable. */
  stream: procedure('signed-in')
    .input(streamInput)
    .output(factSubscription)
    .subscription(
      ({ ctx: { services, actor }, input, signal }) =>
        new FactSubscription(
          {
            source: services.facts,
            userId: actor.id,
            cursor: input.lastEventId ?? input.cursor,
            endedBy: (event) => credentialEnded(actor, event),
          },
          signal,
        ),
    ),
})
