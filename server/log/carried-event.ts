import type { EventsTable } from '../../db/schema.ts'
import { events, type LogEvent } from '../events.ts'
import type { Selectable } from 'kysely'

type EventRow = Omit<Selectable<EventsTable>, 'xid' | 'payload'>

/** Whose it is, where it stands there, and what it is: all that most of those who carry an event look at. */
type Head = Pick<LogEvent, 'stream' | 'seq'> & { type: string }

/** An event on its way to many readers: serialised once, and taken apart only when somebody asks for its `event`. */
export class CarriedEvent implements Head {
  readonly stream: string
  readonly seq: number
  readonly type: string
  readonly json: string
  #event: LogEvent | null
  #alone: readonly CarriedEvent[] | null = null

  /** @param event what `json` says, where that is at hand */
  constructor({ stream, seq, type }: Head, json: string, event: LogEvent | null) {
    this.stream = stream
    this.seq = seq
    this.type = type
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
  return new CarriedEvent(event, json, event)
}

/** A row of the log whose payload was asked for as text, which is what clients get: nobody takes it apart on the way. */
export function carryRow(row: EventRow & { payload: string }): CarriedEvent {
  const { streamId: stream, seq, type, version, actorId, payload } = row
  const head = JSON.stringify({ stream, seq, type, version, at: row.at.toISOString(), actorId })
  return new CarriedEvent({ stream, seq, type }, `${head.slice(0, -1)},"payload":${payload}}`, null)
}

/** A row of the log as clients receive it. */
export function rowToEvent(row: EventRow & { payload: unknown }): LogEvent {
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
  const head = readHead(json)
  if (head) return new CarriedEvent(head, json, null)
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

const beforeStream = '{"stream":"'
const afterStream = '","seq":'
const afterSeq = ',"type":"'
const uuidLength = 36

/**
 * Reads off how `carry` begins, for a type that is known here; null for whatever else it may be. A signal arrives as it
 * was published or not at all, so what follows is as whole as its beginning, and most who carry it never look at it.
 */
function readHead(json: string): Head | null {
  if (!json.startsWith(beforeStream) || !json.endsWith('}}')) return null
  const streamEnd = beforeStream.length + uuidLength
  const seqStart = streamEnd + afterStream.length
  const seqEnd = json.indexOf(afterSeq, seqStart)
  if (seqEnd < 0 || !json.startsWith(afterStream, streamEnd)) return null
  const digits = json.slice(seqStart, seqEnd)
  const seq = Number(digits)
  const typeStart = seqEnd + afterSeq.length
  const type = json.slice(typeStart, json.indexOf('"', typeStart))
  // Number takes more than JSON does: nothing at all, spaces, 0x10.
  if (String(seq) !== digits || !Number.isSafeInteger(seq) || !Object.hasOwn(events, type))
    return null
  return { stream: json.slice(beforeStream.length, streamEnd), seq, type }
}
