import { z } from 'zod'

export const cursorOutput = z.object({ cursor: z.string() })
const cursor = z.string().max(400)
export const streamInput = z
  .object({
    /** Where to go on; none begins at this moment. */
    cursor: cursor.optional(),
    /** Set by tRPC when it reconnects: the id of the newest item. Wins over cursor. */
    lastEventId: cursor.optional(),
  })
  .prefault({})
