import type { ParticipantRole, ThreadKind } from '../server/features/threads/threads.schema.ts'

/** The least role that may; `fixed` where direct threads stay as they are, `nobody` where no role may. */
type Rule = ParticipantRole | 'fixed' | 'nobody'

/**
 * Who may do what in a thread, once they take part in it: the server decides by it, the client offers by it. Everyone
 * who takes part may read, send, edit and delete what they wrote. A role on the server gives no right in a thread.
 */
export const threadRules = {
  addParticipants: { open: 'member', private: 'member', direct: 'fixed' },
  removeParticipant: { open: 'moderator', private: 'moderator', direct: 'fixed' },
  setRole: { open: 'moderator', private: 'moderator', direct: 'fixed' },
  leave: { open: 'guest', private: 'guest', direct: 'fixed' },
  update: { open: 'member', private: 'moderator', direct: 'fixed' },
  archive: { open: 'moderator', private: 'moderator', direct: 'fixed' },
  deleteAnyMessage: { open: 'moderator', private: 'moderator', direct: 'nobody' },
} as const satisfies Record<string, Record<ThreadKind, Rule>>

export type ThreadAction = keyof typeof threadRules

const ranks: Record<ParticipantRole, number> = { guest: 0, member: 1, moderator: 2, owner: 3 }

export function outranks(one: ParticipantRole, other: ParticipantRole): boolean {
  return ranks[one] > ranks[other]
}

export function canDo(action: ThreadAction, kind: ThreadKind, role: ParticipantRole): boolean {
  const rule: Rule = threadRules[action][kind]
  return rule !== 'fixed' && rule !== 'nobody' && !outranks(rule, role)
}
