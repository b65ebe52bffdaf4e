import { z } from 'zod'
import { message } from './messages.schema.ts'

/** On the thread's stream. */
export const messageEvents = {
  'message.posted': { version: 1, payload: z.object({ message }) },
  'message.edited': { version: 1, payload: z.object({ message }) },
  'message.deleted': { version: 1, payload: z.object({ message }) },
}
