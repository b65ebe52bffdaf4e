import { z } from 'zod'
import { person } from './people.schema.ts'

/** On the server's stream. */
export const peopleEvents = {
  'person.joined': { version: 1, payload: z.object({ person }) },
  'person.updated': { version: 1, payload: z.object({ person }) },
}
