import type {
  Hint,
  PresenceHint,
  PresenceState,
} from '../../../server/features/presence/presence.schema.ts'

/** Who is here and who is typing, as far as the latest hints say. */
export interface Hints {
  /** Everyone who is not offline. */
  readonly presence: Readonly<Record<string, Exclude<PresenceState, 'offline'>>>
  /** Per thread, per person: until when they count as typing, in milliseconds of the epoch. */
  readonly typing: Readonly<Record<string, Readonly<Record<string, number>>>>
}

export const noHints: Hints = { presence: {}, typing: {} }

/** A hint of typing fades after this long. */
export const typingFadesMs = 6_000

/** Takes a hint at a moment. */
export function takeHint(hints: Hints, hint: Hint, now: number): Hints {
  if (hint.type === 'presence') return { ...hints, presence: takePresence(hints.presence, hint) }
  const here = { ...hints.typing[hint.threadId], [hint.userId]: now + typingFadesMs }
  return { ...hints, typing: { ...hints.typing, [hint.threadId]: here } }
}

/** Whoever is not named stays as they were, or is offline when the hint names everyone who is not. */
function takePresence(known: Hints['presence'], hint: PresenceHint): Hints['presence'] {
  const presence = hint.complete ? {} : { ...known }
  for (const id of hint.online) presence[id] = 'online'
  for (const id of hint.away) presence[id] = 'away'
  for (const id of hint.offline) delete presence[id]
  return presence
}

/** Whoever sent a message has stopped typing it. */
export function stopTyping(hints: Hints, threadId: string, userId: string): Hints {
  const { [userId]: until, ...others } = hints.typing[threadId] ?? {}
  return until === undefined ? hints : { ...hints, typing: { ...hints.typing, [threadId]: others } }
}

/** Lets go of what has faded. */
export function fadeHints(hints: Hints, now: number): Hints {
  const faded = Object.values(hints.typing).some((people) =>
    Object.values(people).some((until) => until <= now),
  )
  if (!faded) return hints
  const typing = Object.fromEntries(
    Object.entries(hints.typing).map(([threadId, people]) => [
      threadId,
      Object.fromEntries(Object.entries(people).filter(([, until]) => until > now)),
    ]),
  )
  return { ...hints, typing }
}
