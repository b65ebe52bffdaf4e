/** What the checker compares: what the database holds in the end, and what every client did and saw. */

/** A fact of the log. */
export interface Fact {
  stream: string
  seq: number
  /** What it says, short enough to keep and long enough to tell two facts apart. */
  content: string
  /** Milliseconds, by the clock of the database. */
  at: number
}

/** From the event that let somebody into a thread to the one that let them out; null while they are in. */
export interface Stay {
  stream: string
  userId: string
  from: number
  to: number | null
}

export interface MessageRow {
  id: string
  seq: number
  threadId: string
  authorId: string
  clientId: string
}

/** The truth: what the database says when all is over. */
export interface History {
  facts: readonly Fact[]
  stays: readonly Stay[]
  messages: readonly MessageRow[]
  /** The stream that everyone follows. */
  serverStream: string
}

/** A fact as a client was handed it, once for each time. */
export interface Sight {
  /** Which of the client's connections brought it, counted from 1. */
  connection: number
  stream: string
  seq: number
  content: string
  /** Milliseconds, by the clock of the client. */
  at: number
}

/** One device of a person, across all its connections. */
export interface ClientRecord {
  name: string
  userId: string
  /** seq after which it followed each stream; what is not in it was not asked for. */
  since: ReadonlyMap<string, number>
  sights: readonly Sight[]
}

export type Outcome =
  /** Answered with the message. */
  | 'ok'
  /** Answered with a refusal: nothing was written. */
  | 'refused'
  /** Answered that the server cannot just now. */
  | 'unavailable'
  /** No answer: nobody knows. */
  | 'unknown'

export interface Attempt {
  at: number
  /** Milliseconds until the answer, or until it was given up. */
  took: number
  /** Which instance it went to. */
  instance: string
  way: 'http' | 'socket'
  outcome: Outcome
  answer?: { id: string; seq: number }
  /** Why it was refused, or what broke. */
  reason?: string
  /** Over HTTP, where there was one. */
  status?: number
  /** Seconds, over HTTP as Retry-After. */
  retryAfter?: number
}

/** One message that a client wanted to send, tried until it had an answer. */
export interface Send {
  authorId: string
  clientId: string
  threadId: string
  attempts: Attempt[]
}

export type DefectKind = 'lost' | 'doubled' | 'reordered' | 'leaked'

export interface Defect {
  kind: DefectKind
  detail: string
}
