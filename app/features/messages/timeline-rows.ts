import type { Message } from '../../../server/features/messages/messages.schema.ts'
import type { Author } from '../../../server/features/people/people.schema.ts'
import type { PendingMessage } from './outbox.ts'

/** A message as it stands in the timeline, whether the server has it already or not. */
export interface MessageRow {
  readonly type: 'message'
  /** The same before and after the server's answer, so that the row stays the row. */
  readonly key: string
  readonly author: Author
  readonly text: string
  readonly at: string
  /** Null while it is on its way. */
  readonly message: Message | null
  readonly pending: PendingMessage | null
  /** Follows one of the same author closely: no need to say again who it is. */
  readonly continued: boolean
}

export type TimelineRow =
  | MessageRow
  | { readonly type: 'day'; readonly key: string; readonly at: string }
  | { readonly type: 'new'; readonly key: string; readonly since: string }

export interface TimelineInput {
  readonly messages: readonly Message[]
  /** Mine in this thread, oldest first. */
  readonly pending: readonly PendingMessage[]
  readonly viewer: Author
  readonly timeZone: string
  /** The "new" line stands before the first message of others after this seq; null for no line. */
  readonly unreadAfter: number | null
}

const groupingMs = 5 * 60_000

/** Everything the timeline shows, from top to bottom. */
export function timelineRows({
  messages,
  pending,
  viewer,
  timeZone,
  unreadAfter,
}: TimelineInput): TimelineRow[] {
  const dayOf = dayFormat(timeZone)
  const rows: TimelineRow[] = []
  let day = ''
  let previous: MessageRow | null = null
  let lined = unreadAfter === null
  for (const row of [...messages.map((each) => sentRow(each, viewer)), ...waiting()]) {
    const thisDay = dayOf(row.at)
    const newDay = thisDay !== day
    if (newDay) rows.push({ type: 'day', key: `day-${thisDay}`, at: row.at })
    day = thisDay
    const startsNew =
      !lined &&
      row.message !== null &&
      row.message.seq > (unreadAfter ?? 0) &&
      row.author.id !== viewer.id
    if (startsNew) {
      rows.push({ type: 'new', key: 'new', since: row.at })
      lined = true
    }
    const continued = !newDay && !startsNew && previous !== null && follows(previous, row)
    const placed = place(row, continued)
    rows.push(placed)
    previous = placed
  }
  return rows

  function waiting(): MessageRow[] {
    const arrived = new Set(
      messages.filter((each) => each.author.id === viewer.id).map((each) => each.clientId),
    )
    return pending
      .filter((each) => !arrived.has(each.clientId))
      .map((each) => pendingRow(each, viewer))
  }
}

function sentRow(message: Message, viewer: Author): MessageRow {
  const mine = message.author.id === viewer.id
  return {
    type: 'message',
    key: mine ? `mine-${message.clientId}` : message.id,
    author: message.author,
    text: message.text,
    at: message.at,
    message,
    pending: null,
    continued: false,
  }
}

/** The row of each message as it was last placed: an unchanged message keeps its row, and is not painted anew. */
const placedRows = new WeakMap<Message, MessageRow>()

function place(row: MessageRow, continued: boolean): MessageRow {
  const before = row.message && placedRows.get(row.message)
  if (before?.key === row.key && before.continued === continued) return before
  const placed = { ...row, continued }
  if (row.message) placedRows.set(row.message, placed)
  return placed
}

function pendingRow(pending: PendingMessage, author: Author): MessageRow {
  return {
    type: 'message',
    key: `mine-${pending.clientId}`,
    author,
    text: pending.text,
    at: pending.at,
    message: null,
    pending,
    continued: false,
  }
}

function follows(previous: MessageRow, row: MessageRow): boolean {
  const between = Date.parse(row.at) - Date.parse(previous.at)
  return (
    previous.author.id === row.author.id &&
    !previous.message?.deletedAt &&
    !row.message?.deletedAt &&
    between < groupingMs
  )
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** The day of a moment in a time zone, as a word that can be compared. */
function dayFormat(timeZone: string): (at: string) => string {
  const format =
    formats.get(timeZone) ?? new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' })
  formats.set(timeZone, format)
  return (at) => format.format(new Date(at))
}
