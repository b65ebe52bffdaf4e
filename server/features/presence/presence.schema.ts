import { z } from 'zod'
import { id } from '../people/people.schema.ts'

export const sendInput = z.discriminatedUnion('type', [
  /** "I am typing here"; repeat at most every 3 s; it fades after 6 s. */
  z.object({ type: z.literal('typing'), threadId: id }),
  /**
   * "This device is in use / idle"; say it when it changes and every 25 s. On a connection that follows
   * `hints.stream` the device is there until that ends; elsewhere it is gone when it said nothing for 60 s.
   */
  z.object({ type: z.literal('presence'), state: z.enum(['active', 'idle']) }),
])

const people = z.array(id)

/** Never stored, never resumed: a lost hint is replaced by the next. */
export const hint = z.discriminatedUnion('type', [
  z.object({ type: z.literal('typing'), threadId: id, userId: id }),
  /** Who changed since the item before; `complete` comes first: whoever is not in that one is offline. */
  z.object({
    type: z.literal('presence'),
    complete: z.boolean(),
    online: people,
    away: people,
    offline: people,
  }),
])

export type Hint = z.infer<typeof hint>
export type TypingHint = Extract<Hint, { type: 'typing' }>
export type PresenceHint = Extract<Hint, { type: 'presence' }>
export type PresenceState = 'online' | 'away' | 'offline'

/** Output parser of `hints.stream`: the hints are ours, made above. */
export function hintStream(value: unknown): AsyncIterable<Hint> {
  return value as AsyncIterable<Hint>
}
