/** ★ Everything the system announces, and who listens. Payloads are public shapes: fan-out asks the database nothing. */
import type { z } from 'zod'
import { accountEvents } from './features/accounts/accounts.events.ts'
import { messageEvents } from './features/messages/messages.events.ts'
import { notify } from './features/notifications/notify.handler.ts'
import { peopleEvents } from './features/people/people.events.ts'
import { serverEvents } from './features/server/server.events.ts'
import { threadEvents } from './features/threads/threads.events.ts'

export const events = {
  ...accountEvents,
  ...messageEvents,
  ...peopleEvents,
  ...serverEvents,
  ...threadEvents,
} as const

/** Reactions on the server. The names stand in the database beside how far each has come: never change one. */
export const handlers = { notifications: notify } as const

export type EventType = keyof typeof events
export type EventPayload<T extends EventType> = z.infer<(typeof events)[T]['payload']>

/** One fact of the log, as clients receive it. */
export type LogEventOf<T extends EventType> = {
  [K in T]: {
    /** Id of a thread, a person or the server. */
    stream: string
    /** Gap-free within its stream, from 1 on. */
    seq: number
    type: K
    version: number
    at: string
    actorId: string | null
    payload: EventPayload<K>
  }
}[T]
export type LogEvent = LogEventOf<EventType>
