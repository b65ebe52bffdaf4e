import type { Conversation, Handle, Line } from './conversation.ts'

/** Something somebody did, at a time. */
export type Step = { at: Date } & (
  | { do: 'start'; conversation: Conversation }
  | { do: 'say'; conversation: Conversation; key: string; by: Handle; text: string }
  | { do: 'edit'; key: string; by: Handle; text: string }
  | { do: 'delete'; key: string; by: Handle }
  | { do: 'archive'; conversation: Conversation }
)

const minute = 60_000
const day = 24 * 60 * minute

/** `13 08:42`: that time (UTC) thirteen days before; `95m`: 95 minutes before. */
export function timeOf(when: string, now: Date): Date {
  const [, ago] = /^(\d+)m$/.exec(when) ?? []
  if (ago !== undefined) return new Date(now.getTime() - Number(ago) * minute)
  const [, days, hours, minutes] = /^(\d+) (\d\d):(\d\d)$/.exec(when) ?? []
  if (days === undefined) throw new Error(`not a time of the demo: ${when}`)
  const midnight = Math.floor(now.getTime() / day) * day
  return new Date(
    midnight - Number(days) * day + Number(hours) * 60 * minute + Number(minutes) * minute,
  )
}

/** What happened in the conversations, in the order of time. */
export function planSteps(conversations: readonly Conversation[], now: Date): Step[] {
  return conversations
    .flatMap((conversation) => [
      ...startOf(conversation, now),
      ...conversation.lines.flatMap((line, place) => stepsOf(conversation, line, place, now)),
      ...(conversation.archived === undefined
        ? []
        : [{ do: 'archive' as const, conversation, at: timeOf(conversation.archived, now) }]),
    ])
    .sort((a, b) => a.at.getTime() - b.at.getTime())
}

/** Ten minutes before the first word. */
function startOf(conversation: Conversation, now: Date): Step[] {
  const [first] = conversation.lines
  if (!first) return []
  return [
    { do: 'start', conversation, at: new Date(timeOf(first[0], now).getTime() - 10 * minute) },
  ]
}

function stepsOf(conversation: Conversation, line: Line, place: number, now: Date): Step[] {
  const [when, by, text, later = {}] = line
  const said = timeOf(when, now)
  // Nobody speaks on the full minute; the seconds follow from the place, so that they are the same each time.
  const at = new Date(said.getTime() + ((place * 17) % 50) * 1_000)
  const after = (minutes: number) => new Date(at.getTime() + minutes * minute)
  const key = `${conversation.key}-${place}`
  return [
    { do: 'say', conversation, key, by, text, at },
    ...(later.edit
      ? [{ do: 'edit' as const, key, by, text: later.edit[1], at: after(later.edit[0]) }]
      : []),
    ...(later.deleted === undefined
      ? []
      : [{ do: 'delete' as const, key, by, at: after(later.deleted) }]),
  ]
}
