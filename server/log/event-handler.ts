import { sql, type RawBuilder, type Transaction } from 'kysely'
import type { Database } from '../../db/schema.ts'
import { events, type EventType, type LogEvent, type LogEventOf } from '../events.ts'

/**
 * A reaction to events: "when posted, notify". What it does, it does to the database and in the transaction it is
 * given, together with the note of how far it has come: so it takes effect once for each event, whatever fails.
 */
export interface EventHandler<T extends EventType = EventType> {
  on: readonly T[]
  /**
   * SQL over a row of `events`: true for those of its types with which it certainly has nothing to do, so that they need
   * not be brought to it. A version that this code does not know is never such a one.
   */
  skips?: RawBuilder<boolean>
  /**
   * Whether somebody waits for what it does with this event: then it is brought to it at once, where it was committed,
   * and not with the next look at the log. Asked for each event that is committed, so it has to be quick.
   */
  hurries?: (event: LogEvent) => boolean
  /**
   * Handles some events, in the order of their streams. Whatever it throws undoes all of it, and they come again one
   * by one; an event that fails five times is set aside.
   */
  apply(trx: Transaction<Database>, events: readonly LogEventOf<T>[]): Promise<void>
}

/** Handlers by the name under which they keep their place; a name is for ever. */
export type EventHandlers = Readonly<Record<string, EventHandler>>

/** SQL over a row of `events`: whether it is brought to the handler. What we do not know at all is: it may concern it. */
export function concerns({ on, skips }: EventHandler): RawBuilder<boolean> {
  const ignored = eventTypes.filter((type) => !on.includes(type))
  const isOn = sql<boolean>`events.type <> all(${ignored}::text[])`
  return skips ? sql<boolean>`${isOn} and not (${skips})` : isOn
}

/** Why this code cannot handle an event as what it says it is; null when it can. */
export function misfit({ type, version, payload }: LogEvent): string | null {
  if (!eventTypes.includes(type)) return `unknown type ${JSON.stringify(type)}`
  const known = events[type]
  if (version > known.version)
    return `version ${version} of ${type} is newer than this code, which knows ${known.version}`
  const { error } = known.payload.safeParse(payload)
  const [issue] = error?.issues ?? []
  if (!issue) return null
  return `the payload is not that of ${type}: ${issue.path.join('.') || 'payload'}: ${issue.message}`
}

const eventTypes = Object.keys(events) as EventType[]
