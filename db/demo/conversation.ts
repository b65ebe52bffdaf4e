import type { handles } from './people.ts'

export type Handle = (typeof handles)[number]

/**
 * One message: when, who, what. `13 08:42` is that time (UTC) thirteen days ago, `95m` is 95 minutes ago. Times of
 * the last hours stay below 330 minutes, so that they come after what was said yesterday until 18:00.
 */
export type Line = readonly [when: string, who: Handle, text: string, later?: Later]

/** What happened to a message afterwards, minutes later. */
export interface Later {
  edit?: readonly [minutes: number, text: string]
  deleted?: number
}

export interface Conversation {
  /** Also the clientId of the thread. */
  key: string
  kind: 'open' | 'private' | 'direct'
  title?: string
  topic?: string
  /** Who started it, and who was there from the beginning. */
  by: Handle
  people: readonly Handle[]
  lines: readonly Line[]
  /** The last so many messages are new to Ada. */
  unreadByAda?: number
  /** Archived this long ago. */
  archived?: string
}
