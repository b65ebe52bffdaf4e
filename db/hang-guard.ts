/**
 * Notices a Postgres that says nothing at all (stopped, frozen, cut off without a word), which no query notices by
 * itself. While a connection of the pool waits and none has been given a byte for a while, the server is asked over a
 * new one. When it is silent there, too, every connection is destroyed: what waits fails at once, and none goes back
 * to the pool. A long statement is not cut, since the server answers the question; so one connection that is silent
 * while others are not is only given up when Postgres itself would have ended its statement long ago.
 */
import { Socket } from 'node:net'
import pg from 'pg'

export interface HangGuard {
  /**
   * Why whoever waits for the database may wait in vain: it is `silent` (says nothing to anyone, or opens no connection
   * and says nothing on the others), or `slow` (has left somebody without a byte for a while). Null while neither is so.
   * @param slowFrom milliseconds without a byte that count as slow
   */
  trouble(slowFrom?: number): 'silent' | 'slow' | null
  /** Looks now: whoever has waited for a second has reason to. */
  look(): void
}

interface Held {
  /** performance.now() when it was taken from the pool; null while it is idle. */
  since: number | null
  bytes: number
  heardAt: number
}

/** While a connection waits that has waited so long already, or the pool is closing. */
const lookEveryMs = 200
/**
 * Otherwise: at multiples of this on the process's clock, as all that a quiet instance wakes up for (server/beat.ts). A
 * timer that is taken back wakes it up all the same, so none is set for each query: who takes a connection looks on the
 * way, when nobody has for a while, and who waits for an answer does.
 */
const restMs = 1_500
const onTheWayMs = 900
/** Without a byte on any connection for so long, the server is asked. */
const silenceMs = 600
/** How long it may take to answer that. */
const answerMs = 600
/** Between two questions while it answers them. */
const pauseMs = 1_000
/** A single connection without a byte; statements end by themselves after 15 s (client.ts). */
const longestSilenceMs = 20_000
/** A pool that is closed does not wait longer for goodbyes. */
const longestEndMs = 2_000

export function guardAgainstHangs(
  pool: pg.Pool,
  config: pg.ClientConfig,
  onHang?: (error: Error) => void,
): HangGuard {
  const clients = new Map<pg.PoolClient, Held>()
  let heardAt = performance.now()
  let answeredAt = 0
  let asking = false
  let endingSince: number | null = null
  let lookedAt = performance.now()
  let timer: NodeJS.Timeout | undefined
  schedule(false)

  pool.on('connect', (client) => {
    heardAt = performance.now()
    clients.set(client, { since: null, bytes: bytesRead(client), heardAt })
  })
  pool.on('acquire', (client) => {
    const held = clients.get(client)
    if (!held) return
    held.since = performance.now()
    if (held.since - lookedAt > onTheWayMs) look()
  })
  pool.on('release', (_error, client) => {
    const held = clients.get(client)
    if (!held || held.since === null) return
    hear(client, held, performance.now())
    held.since = null
  })
  pool.on('remove', (client) => clients.delete(client))

  function hear(client: pg.PoolClient, held: Held, now: number): void {
    const bytes = bytesRead(client)
    if (bytes === held.bytes) return
    held.bytes = bytes
    held.heardAt = now
    heardAt = now
  }

  function listen(now: number): void {
    for (const [client, held] of clients) if (held.since !== null) hear(client, held, now)
  }

  /** Milliseconds for which this connection has waited, as far as can be seen from outside. */
  function silence(held: Held, now: number): number {
    return held.since === null ? 0 : now - Math.max(held.since, held.heardAt)
  }

  /** @param soon somebody waits for the database, or for its goodbye */
  function schedule(soon: boolean): void {
    clearTimeout(timer)
    const rest = restMs - (performance.now() % restMs)
    timer = setTimeout(look, soon ? lookEveryMs : rest).unref()
  }

  function look(): void {
    if (pool.ended) return
    const now = performance.now()
    lookedAt = now
    listen(now)
    const waits = [...clients.values()].some(
      ({ since }) => since !== null && now - since >= lookEveryMs,
    )
    schedule(waits || pool.ending)
    if (pool.ending) {
      endingSince ??= now
      if (now - endingSince > longestEndMs) for (const client of clients.keys()) destroy(client)
      return
    }
    let longest = 0
    for (const [client, held] of clients) {
      const silent = silence(held, now)
      if (silent > longestSilenceMs) destroy(client)
      longest = Math.max(longest, silent)
    }
    if (Math.min(longest, now - heardAt) < silenceMs || asking || now - answeredAt < pauseMs) return
    asking = true
    // What has arrived meanwhile is read first.
    setImmediate(() => {
      void ask().finally(() => {
        asking = false
      })
    })
  }

  async function ask(): Promise<void> {
    const askedAt = performance.now()
    if (await answers(config)) {
      answeredAt = performance.now()
      return
    }
    listen(performance.now())
    if (heardAt >= askedAt) return
    onHang?.(new Error('the database says nothing; its connections are given up'))
    for (const client of clients.keys()) destroy(client)
  }

  return {
    look,
    trouble(slowFrom = silenceMs) {
      const now = performance.now()
      listen(now)
      const longest = Math.max(0, ...[...clients.values()].map((held) => silence(held, now)))
      const quiet = now - Math.max(heardAt, answeredAt)
      // A busy one opens connections slowly, too.
      const opensNone = pool.totalCount > clients.size && quiet > silenceMs
      if (opensNone || (longest > silenceMs && quiet > pauseMs + answerMs)) return 'silent'
      return longest > slowFrom ? 'slow' : null
    },
  }
}

/** Does it say anything to a new connection? A refusal is an answer, too. */
async function answers(config: pg.ClientConfig): Promise<boolean> {
  const client = new pg.Client(config)
  client.on('error', () => undefined)
  let timer: NodeJS.Timeout | undefined
  const silent = new Promise<false>((resolve) => {
    timer = setTimeout(() => setImmediate(resolve, false), answerMs)
  })
  const answered = client.connect().then(
    () => true,
    () => true,
  )
  const answer = await Promise.race([answered, silent])
  clearTimeout(timer)
  destroy(client)
  return answer
}

function bytesRead({ connection }: pg.Client): number {
  return connection.stream instanceof Socket ? connection.stream.bytesRead : 0
}

function destroy({ connection }: pg.Client): void {
  connection.stream.destroy()
}
