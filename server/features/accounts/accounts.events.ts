import { z } from 'zod'
import { id } from '../people/people.schema.ts'

/** On the person's own stream: every instance closes the sockets that live by it. */
export const accountEvents = {
  'session.ended': { version: 1, payload: z.object({ sessionId: id }) },
  'token.revoked': { version: 1, payload: z.object({ tokenId: id }) },
}
