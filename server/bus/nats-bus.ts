/** The only file that knows NATS. */
import type { Socket } from 'node:net'
import { connect, Events, type NatsConnection, type Subscription } from 'nats'
import type { Logger } from 'pino'
import { atBeats, restBeatMs } from '../beat.ts'
import type { Bus } from './bus.ts'

type Handler = (data: string, subject: string) => void
interface Interest {
  subject: string
  handler: Handler
  subscription: Subscription | null
}

/** A server that has not answered for so long is given up at the next beat; the sweep delivers meanwhile. */
const patienceMs = 3_500
/** Milliseconds: who was heard a moment ago need not be asked whether it is there; a quiet one is at each second beat. */
const freshMs = 2_000
/** Characters published since the server last answered: ask again, drop the rest. */
const askAfter = 1024 * 1024
const dropAfter = 16 * 1024 * 1024

/**
 * A bus over nats-server. Usable at once: it connects in the background and again for ever, and until then (and
 * whenever the connection is gone) `connected` is false and signals are dropped, not kept: the log has the truth.
 * @param url one or more servers, comma-separated.
 */
export function connectNatsBus(url: string, log: Logger): Bus {
  const interests = new Set<Interest>()
  const lost = new Set<() => void>()
  const decoder = new TextDecoder()
  let connection: NatsConnection | null = null
  let connected = false
  let closed = false
  let unanswered = 0
  let askedAt: number | null = null
  let heardAt = -Infinity

  function listen(interest: Interest): void {
    if (!connection || connection.isClosed()) return
    interest.subscription = connection.subscribe(interest.subject, {
      callback: (error, message) => {
        if (error)
          log.warn({ err: error, subject: interest.subject }, 'NATS refused a subscription')
        else {
          heardAt = performance.now()
          interest.handler(decoder.decode(message.data), message.subject)
        }
      },
    })
  }

  /** Holds a connection for as long as it lives, and opens the next one after a server that had hung. */
  async function keepConnected(): Promise<void> {
    while (!closed) {
      const opened = await connect({
        servers: url.split(',').map((server) => server.trim()),
        name: 'skein',
        noEcho: true,
        maxReconnectAttempts: -1,
        waitOnFirstConnect: true,
        // Else the second refusal in a row would be the last word: credentials change on both sides, in any order.
        ignoreAuthErrorAbort: true,
        reconnectTimeWait: 500,
        reconnectJitter: 500,
        reconnectJitterTLS: 500,
        timeout: 2_000,
      })
      if (closed) return opened.close()
      connection = opened
      hearLateErrors(opened)
      say(true, 'NATS connected')
      for (const interest of interests) listen(interest)
      const stopPinging = atBeats(restBeatMs, () => {
        if (askedAt !== null || performance.now() - heardAt > freshMs) ping(opened)
      })
      void hearStatus(opened)
      await opened.closed()
      stopPinging()
      for (const interest of interests) interest.subscription = null
    }
  }

  async function hearStatus(over: NatsConnection): Promise<void> {
    for await (const status of over.status()) {
      if (over !== connection) return
      if (status.type === Events.Disconnect) say(false, 'NATS is gone')
      else if (status.type === Events.Reconnect) {
        // Over another socket.
        hearLateErrors(over)
        say(true, 'NATS is back')
      }
    }
  }

  function say(isConnected: boolean, words: string): void {
    connected = isConnected
    unanswered = 0
    askedAt = null
    if (closed) return
    if (isConnected) log.info(words)
    else {
      log.warn(`${words}; delivery between instances slows to the sweep`)
      for (const listener of lost) listener()
    }
  }

  /**
   * The library gives up a server that answers no pings, too, but first waits for what it has written to be taken,
   * which a frozen server never does: neither was that ever noticed, nor did what was published stop piling up.
   */
  function ping(over: NatsConnection): void {
    if (!connected || over.isClosed()) return
    if (askedAt !== null) {
      if (performance.now() - askedAt < patienceMs) return
      say(false, 'NATS hangs')
      over.close().catch((error: unknown) => log.warn({ err: error }, 'NATS was not let go of'))
      return
    }
    const asked = performance.now()
    askedAt = asked
    const sent = unanswered
    over.flush().then(
      () => {
        if (askedAt !== asked) return
        askedAt = null
        heardAt = performance.now()
        unanswered -= sent
      },
      () => undefined,
    )
  }

  keepConnected().catch((error: unknown) => {
    log.error(
      { err: error },
      'NATS could not be used; delivery between instances stays on the sweep',
    )
  })

  return {
    get connected() {
      return connected
    },
    publish(subject, data) {
      if (!connection || !connected || unanswered > dropAfter) return
      unanswered += data.length
      if (unanswered > askAfter && askedAt === null) ping(connection)
      try {
        connection.publish(subject, data)
      } catch (error) {
        // Larger than the server takes, or closing: the sweep brings it to the others.
        log.warn({ err: error, subject }, 'a signal could not be published')
      }
    },
    subscribe(subject, handler) {
      const interest: Interest = { subject, handler, subscription: null }
      interests.add(interest)
      listen(interest)
      return () => {
        interests.delete(interest)
        interest.subscription?.unsubscribe()
      }
    },
    onLost(listener) {
      const own = () => listener()
      lost.add(own)
      return () => lost.delete(own)
    },
    async close() {
      closed = true
      connected = false
      await connection?.close()
    },
  }
}

/**
 * nats.js takes all listeners off a socket when it lets go of it, also while a write is still under way. What that then
 * fails with (`write after end`, when the server went at that moment) is heard by nobody, and would end the process.
 */
function hearLateErrors(connection: NatsConnection): void {
  const { protocol } = connection as unknown as { protocol: { transport: { socket?: Socket } } }
  const { socket } = protocol.transport
  if (!socket) return
  const removeAllListeners = socket.removeAllListeners.bind(socket)
  socket.removeAllListeners = (event) => {
    removeAllListeners(event)
    return socket.on('error', () => undefined)
  }
}
