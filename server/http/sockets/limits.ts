/** What one socket may do. Also told to clients by system.info. */
export const socketLimits = {
  /** Largest call, bytes: the longest message in any script, however it is escaped. */
  callBytes: 64 * 1024,
  /** Largest frame from a client, bytes: stock clients join all calls of one tick, and after a reconnect all they kept. */
  frameBytes: 1024 * 1024,
  messagesPerFrame: 512,
  /** Queries and mutations under way at once. */
  callsAtOnce: 50,
  /** Queries of these, since an answer may be megabytes. Others wait for their turn. */
  queriesAtOnce: 8,
  /** Bytes that were answered and not yet read. While there are more, nothing else is begun. */
  unreadBytes: 1024 * 1024,
  subscriptions: 50,
  /** Open sockets of one person on one instance. */
  socketsPerPerson: 20,
  /** Calls beyond the pace that are refused one by one, and how many of these are forgotten a second. */
  refusals: 500,
  refusalsForgottenPerSecond: 10,
  /** Milliseconds to show who one is. */
  authenticateMs: 5_000,
  /**
   * Milliseconds between pings, and to the answer. Together well below 35 seconds: so soon a line that died without a word
   * is given up.
   */
  pingMs: 28_000,
  pongMs: 5_000,
  /** Milliseconds between checks that the session behind a socket is still good. */
  recheckMs: 60_000,
  /** Milliseconds over which clients are sent away when the instance stops. */
  drainSpreadMs: 5_200,
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
  /** Calls went on and on after they were refused for coming too fast. Wait, then go on more slowly. */
  tooManyCalls: 4430,
  /** The frame was not a message of the protocol. */
  badFrame: 4400,
  /** The frame was larger than any may be. The name is the protocol's own (RFC 6455). */
  tooLarge: 1009,
  /** Who it is could not be found out, or not be watched: the database is away. Reconnect, with a delay. */
  tryAgain: 1011,
  /** The instance is stopping: reconnect, with a delay. */
  goingAway: 1001,
} as const
