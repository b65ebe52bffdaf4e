import { z } from 'zod'
import { id } from '../people/people.schema.ts'
import { participant, thread } from './threads.schema.ts'

const seq = z.number().int().min(0)

export const threadEvents = {
  // On the thread's stream.
  'thread.created': { version: 1, payload: z.object({ thread }) },
  'thread.updated': { version: 1, payload: z.object({ thread }) },
  'thread.archived': { version: 1, payload: z.object({ thread }) },
  'thread.restored': { version: 1, payload: z.object({ thread }) },
  'participant.joined': { version: 1, payload: z.object({ participant }) },
  /** Gone, by themselves or by another (then actorId differs from userId). The hub stops delivery to them here. */
  'participant.left': { version: 1, payload: z.object({ threadId: id, userId: id }) },
  'participant.role-changed': { version: 1, payload: z.object({ participant }) },

  // On the participant's own stream.
  /** The thread is now one of mine; its facts follow from joinedSeq on. */
  'participation.started': { version: 1, payload: z.object({ thread, joinedSeq: seq }) },
  'participation.ended': { version: 1, payload: z.object({ threadId: id, leftSeq: seq }) },
  'read-position.moved': { version: 1, payload: z.object({ threadId: id, seq }) },

  // On the server's stream, for open threads only.
  /** An open thread is there to join, or what it says of itself changed. */
  'open-thread.listed': { version: 1, payload: z.object({ thread }) },
  'open-thread.unlisted': { version: 1, payload: z.object({ threadId: id }) },
}
