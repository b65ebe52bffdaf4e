import type { EventsTable } from '../../db/schema.ts'
import type { LogEvent } from '../events.ts'
import type { Selectable } from 'kysely'

/** An event on its way to many readers: serialised once, whoever needs its fields reads `event`. */
export class CarriedEvent {
  readonly stream: string
  readonly seq: number
  readonly json: string
  #event: LogEvent | null
  #alone: readonly CarriedEvent[] | null = null

  constructor(event: LogEvent, json: string) {
    this.stream = event.stream
    this.seq = event.seq
    this.json = json
    this.#event = event
  }

  get event(): LogEvent {
    return (this.#event ??= JSON.parse(this.json) as LogEvent)
  }

  /** A list of nothing but this: one for all who hear nothing else in a turn of the event loop. */
  get alone(): readonly CarriedEvent[] {
    return (this.#alone ??= [this])
  }

  /**
   * Keeps the text only. Most events are looked at once, when they are delivered, and kept for those who come back:
   * as trees of objects they cost the garbage collector a twentieth of an instance's CPU under load (docs/decisions/013).
   */
  rest(): void {
    this.#event = null
    this.#alone = null
  }
}

export function carry(event: LogEvent, json = JSON.stringify(event)): CarriedEvent {
  return new CarriedEvent(event, json)
}

/** A row of the log as clients receive it. */
export function rowToEvent(row: Omit<Selectable<EventsTable>, 'xid'>): LogEvent {
  return {
    stream: row.streamId,
    seq: row.seq,
    type: row.type,
    version: row.version,
    at: row.at.toISOString(),
    actorId: row.actorId,
    payload: row.payload,
  } as LogEvent
}

/** What another instance published, or null when it is not an event. */
export function parseCarried(json: string): CarriedEvent | null {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    return null
  }
  if (typeof value !== 'object' || value === null) return null
  const { stream, seq, type } = value as Partial<LogEvent>
  if (
    typeof stream !== 'string' ||
    typeof seq !== 'number' ||
    !Number.isSafeInteger(seq) ||
    typeof type !== 'string'
  )
    return null
  return carry(value as LogEvent, json)
}
