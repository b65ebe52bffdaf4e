import { z } from 'zod'
import { id } from '../people/people.schema.ts'

export const sendInput = z.discriminatedUnion('type', [
  /** "I am typing here"; repeat at most every 3 s; it fades after 6 s. */
  z.object({ type: z.literal('typing'), threadId: id }),
  /** "This device is in use / idle"; repeat every 25 s while connected; gone after 60 s. */
  z.object({ type: z.literal('presence'), state: z.enum(['active', 'idle']) }),
])

export const presenceState = z.enum(['online', 'away', 'offline'])

/** Never stored, never resumed: a lost hint is replaced by the next. */
export const hint = z.discriminatedUnion('type', [
  z.object({ type: z.literal('typing'), threadId: id, userId: id }),
  z.object({ type: z.literal('presence'), userId: id, state: presenceState }),
])

export type Hint = z.infer<typeof hint>
export type PresenceState = z.infer<typeof presenceState>

/** Output parser of `hints.stream`: the hints are ours, made above. */
export function hintStream(value: unknown): AsyncIterable<Hint> {
  return value as AsyncIterable<Hint>
}
