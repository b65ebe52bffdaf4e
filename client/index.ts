/** The typed client of Skein: every procedure, and the facts in order, once each. See docs/client.md. */
export { createClient, type ClientOptions, type SkeinClient } from './create-client.ts'
export type { SendOptions } from './calls/send-safely.ts'
export type { ConnectionState, ConnectionView } from './connection/connection-state.ts'
export type {
  Delivery,
  Following,
  FollowOptions,
  PositionStore,
  Reset,
  ResetAnswer,
} from './follow/follow.ts'
export type { Absence, Absences } from './follow/absences.ts'
export type { Hole, Position, StartPosition } from './follow/position.ts'
export { browserStore, type BrowserStore } from './stores/browser-store.ts'
export { SkeinError, type Reason } from './skein-error.ts'
export type * from './types.ts'
