/** What one socket may do. Also told to clients by system.info. */
export const socketLimits = {
  /** Largest frame from a client, bytes. */
  frameBytes: 64 * 1024,
  /** Messages in one frame: stock clients join what they send in one tick, and all of it after a reconnect. */
  messagesPerFrame: 64,
  /** Queries and mutations under way at once. */
  callsAtOnce: 50,
  subscriptions: 50,
  /** Open sockets of one person on one instance. */
  socketsPerPerson: 20,
  /** Milliseconds to show who one is. */
  authenticateMs: 5_000,
  /** Milliseconds between pings, and to the answer. */
  pingMs: 30_000,
  pongMs: 5_000,
  /** Milliseconds between checks that the session behind a socket is still good. */
  recheckMs: 60_000,
  /** Milliseconds over which clients are sent away when the instance stops. */
  drainSpreadMs: 5_000,
} as const

/** Why the server closes a socket (RFC 6455 leaves 4000 to 4999 to applications). */
export const closeCodes = {
  /** No credentials within the time, or they were refused. Sign in again. */
  notSignedIn: 4401,
  /** The session or token was ended while the socket was open. Sign in again. */
  sessionEnded: 4403,
  /** The reader took nothing for too long. Come back with the cursor. */
  tooSlow: 4408,
  /** Too many sockets of one person. */
  tooManySockets: 4429,
  /** The frame was not a message of the protocol. */
  badFrame: 4400,
  /** The instance is stopping: reconnect, with a delay. */
  goingAway: 1001,
} as const
