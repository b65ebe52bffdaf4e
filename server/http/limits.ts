/** What one HTTP request may cost. Clients read the ones that concern them from `system.info`. */
export const httpLimits = {
  urlBytes: 8_192,
  headerBytes: 16_384,
  headers: 100,
  /** Body of a call to the API. */
  apiBodyBytes: 262_144,
  /** Body of a form of the web app: the longest message in any script, escaped as forms do. */
  formBodyBytes: 131_072,
  /**
   * Connections that may wait to be taken when all come at once, as after a cut; the kernel has a limit of its own
   * (`net.core.somaxconn`). Node's 511 made the others try again a second later.
   */
  connectionsWaiting: 4_096,
  /** Calls in one batch. */
  batchCalls: 10,
  /** Open event streams of one person on one instance: of twenty pages, with one for facts and one for hints each. */
  eventStreamsPerPerson: 40,
  /** Until the headers are there. */
  headersMs: 10_000,
  /** Until the whole request is there. */
  requestMs: 30_000,
  /** Between two requests on one connection; longer than a proxy keeps its own side open (60 s). */
  keepAliveMs: 65_000,
  /** A connection on which nothing moves, in either direction. */
  idleMs: 120_000,
} as const
