/** The only file that knows NATS. */
import { connect, Events, type NatsConnection, type Subscription } from 'nats'
import type { Logger } from 'pino'
import type { Bus } from './bus.ts'

type Handler = (data: string, subject: string) => void
interface Interest {
  subject: string
  handler: Handler
  subscription: Subscription | null
}

/**
 * A bus over nats-server. Usable at once: it connects in the background and again for ever, and until then (and
 * whenever the connection is gone) `connected` is false and signals are dropped, not kept: the log has the truth.
 * @param url one or more servers, comma-separated.
 */
export function connectNatsBus(url: string, log: Logger): Bus {
  const interests = new Set<Interest>()
  const decoder = new TextDecoder()
  let connection: NatsConnection | null = null
  let connected = false
  let closed = false

  function listen(interest: Interest): void {
    if (!connection || connection.isClosed()) return
    interest.subscription = connection.subscribe(interest.subject, {
      callback: (error, message) => {
        if (error)
          log.warn({ err: error, subject: interest.subject }, 'NATS refused a subscription')
        else interest.handler(decoder.decode(message.data), message.subject)
      },
    })
  }

  async function keepConnected(): Promise<void> {
    const opened = await connect({
      servers: url.split(',').map((server) => server.trim()),
      name: 'skein',
      noEcho: true,
      maxReconnectAttempts: -1,
      waitOnFirstConnect: true,
      reconnectTimeWait: 500,
      reconnectJitter: 500,
      reconnectJitterTLS: 500,
      timeout: 2_000,
      // A hung server is given up after two missed pings; the sweep delivers meanwhile.
      pingInterval: 2_000,
      maxPingOut: 2,
    })
    if (closed) {
      await opened.close()
      return
    }
    connection = opened
    connected = true
    log.info('NATS connected')
    for (const interest of interests) listen(interest)
    for await (const status of opened.status()) {
      if (status.type === Events.Disconnect) {
        connected = false
        if (!closed) log.warn('NATS is gone; delivery between instances slows to the sweep')
      } else if (status.type === Events.Reconnect) {
        connected = true
        log.info('NATS is back')
      }
    }
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
      if (!connection || !connected) return
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
    async close() {
      closed = true
      connected = false
      await connection?.close()
    },
  }
}
