/**
 * What Skein stores, table by table, as Kysely sees it. Columns are camelCase here and snake_case in Postgres.
 * bigint columns arrive as numbers (db/client.ts): no stream will see 2^53 events.
 */
import type { ColumnType, Generated, JSONColumnType } from 'kysely'

/** Read as a Date; written by the database unless given. */
type Timestamp = ColumnType<Date, Date | string | undefined, Date | string>
type NullableTimestamp = ColumnType<
  Date | null,
  Date | string | null | undefined,
  Date | string | null
>

/** The one row that describes this deployment. */
export interface ServerTable {
  id: Generated<boolean>
  /** The stream of facts that concern everyone: profiles, open threads, settings. */
  streamId: string
  name: string
  signUp: 'open' | 'domains' | 'invitation'
  signUpDomains: string[]
  /** Changes when history was rewritten (a restore), so that old cursors are refused by name. */
  epoch: Generated<string>
  /** What the epoch was derived from: identity of the cluster and of the events table. */
  epochSource: string | null
  createdAt: Timestamp
}

export interface UsersTable {
  id: Generated<string>
  kind: Generated<'person' | 'bot'>
  /** Lower-cased; null for bots. */
  email: string | null
  /** argon2id in PHC form; null when the account has no password (bots). */
  passwordHash: string | null
  name: string
  /** Lower-cased, unique, what stands behind an @. */
  handle: string
  role: Generated<'owner' | 'admin' | 'member'>
  title: Generated<string>
  timeZone: string | null
  statusText: string | null
  statusEmoji: string | null
  statusUntil: NullableTimestamp
  createdAt: Timestamp
  deactivatedAt: NullableTimestamp
}

export interface SessionsTable {
  /** Public id, safe to show in a list of devices. */
  id: Generated<string>
  /** SHA-256 of the secret in the cookie; the secret itself is never stored. */
  secretHash: Buffer
  userId: string
  createdAt: Timestamp
  /** Idle limit: moves forward with use. */
  expiresAt: Timestamp
  /** Absolute limit: never moves. */
  endsAt: Timestamp
  lastSeenAt: Timestamp
  userAgent: string | null
  address: string | null
}

export interface TokensTable {
  id: Generated<string>
  /** SHA-256 of the bearer token. */
  secretHash: Buffer
  userId: string
  name: string
  createdAt: Timestamp
  lastUsedAt: NullableTimestamp
  expiresAt: NullableTimestamp
}

export interface InvitationsTable {
  id: Generated<string>
  /** SHA-256 of the code in the link. */
  secretHash: Buffer
  createdBy: string
  note: Generated<string>
  maxUses: number | null
  uses: Generated<number>
  createdAt: Timestamp
  expiresAt: NullableTimestamp
  revokedAt: NullableTimestamp
}

/** UNLOGGED: counts of attempts, shared by all instances; may be lost in a crash. */
export interface RateLimitsTable {
  key: string
  count: number
  windowStartedAt: Timestamp
}

export interface StreamsTable {
  id: string
  kind: 'thread' | 'user' | 'server'
  /** seq of the newest event; the row lock on it is what makes seq gap-free and ordered. */
  head: Generated<number>
}

export interface EventsTable {
  streamId: string
  seq: number
  /** The transaction that wrote it (xid8, as text); the horizon cursor compares it. */
  xid: Generated<string>
  type: string
  version: Generated<number>
  actorId: string | null
  payload: JSONColumnType<Record<string, unknown>>
  at: Timestamp
}

export interface ThreadsTable {
  /** Also the id of the thread's stream. */
  id: string
  kind: 'open' | 'private' | 'direct'
  title: string | null
  topic: Generated<string>
  /** Set on reply branches: the message this thread starts from. */
  parentMessageId: string | null
  /** Direct threads: the sorted participants' ids, unique, so that the same people find the same thread. */
  directKey: string | null
  createdBy: string
  clientId: string
  createdAt: Timestamp
  archivedAt: NullableTimestamp
}

export interface ParticipantsTable {
  threadId: string
  userId: string
  role: 'owner' | 'moderator' | 'member' | 'guest'
  joinedAt: Timestamp
  /** seq of the event that let them in. */
  joinedSeq: number
  /** seq of the event that let them out: they may see the log up to and with it. Null while inside. */
  leftSeq: number | null
}

export interface MessagesTable {
  id: Generated<string>
  threadId: string
  /** seq of its message.posted event in the thread's stream: one numbering for events, messages and read positions. */
  seq: number
  authorId: string
  clientId: string
  text: string
  createdAt: Timestamp
  editedAt: NullableTimestamp
  deletedAt: NullableTimestamp
}

/** What a message said before each edit. */
export interface MessageEditsTable {
  messageId: string
  /** seq of the message.edited event; below zero for an edit that changed nothing and is kept for its clientId alone. */
  seq: number
  /** The client's id of the edit, so that a repeated edit has no second effect; null when none was given. */
  clientId: string | null
  editorId: string
  /** Empty where nothing was changed, and where the message was deleted. */
  previousText: string
  at: Timestamp
}

export interface MentionsTable {
  messageId: string
  userId: string
  threadId: string
  seq: number
}

export interface ReadPositionsTable {
  userId: string
  threadId: string
  seq: number
  at: Timestamp
}

export interface EventHandlersTable {
  name: string
  /** xid8 as text. Every event of a transaction below it was handled, or set aside. */
  horizon: string
}

/** Events that a handler could not handle. */
export interface DeadLettersTable {
  id: Generated<string>
  handler: string
  streamId: string
  seq: number
  type: string
  reason: string
  attempts: number
  at: Timestamp
  /** When it is tried again by itself; null once it was given up, or applied. */
  retryAt: NullableTimestamp
  appliedAt: NullableTimestamp
}

/**
 * What calls for somebody's attention: a message that mentions them, or is in a direct thread of theirs. Whoever
 * shows it goes through their participation, as for the message itself; whether it was read, read positions say.
 */
export interface NotificationsTable {
  userId: string
  messageId: string
  threadId: string
  seq: number
  cause: 'mention' | 'direct'
  at: Timestamp
}

export interface Database {
  server: ServerTable
  users: UsersTable
  sessions: SessionsTable
  tokens: TokensTable
  invitations: InvitationsTable
  rateLimits: RateLimitsTable
  streams: StreamsTable
  events: EventsTable
  threads: ThreadsTable
  participants: ParticipantsTable
  messages: MessagesTable
  messageEdits: MessageEditsTable
  mentions: MentionsTable
  readPositions: ReadPositionsTable
  eventHandlers: EventHandlersTable
  deadLetters: DeadLettersTable
  notifications: NotificationsTable
}
