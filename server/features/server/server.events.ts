import { z } from 'zod'
import { server } from './server.schema.ts'

/** On the server's stream. */
export const serverEvents = {
  'server.updated': { version: 1, payload: z.object({ server }) },
}
