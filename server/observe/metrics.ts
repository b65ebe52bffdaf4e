import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'

/** What this process counts. Labels come from closed sets, never ids: the number of series stays fixed. */
export interface Metrics {
  registry: Registry
  /** Called before each scrape, to set what is only looked up. @returns ends that. */
  atScrape(read: () => void): () => void
  /** All of it, in the text format of Prometheus. */
  scrape(): Promise<string>
  /** Seconds per request, by route pattern (`/trpc/messages.send`, `pages`, `assets`) and class of status (`2xx`). */
  httpSeconds: Histogram<'route' | 'status'>
  /** What the gate turned away, by reason. */
  refusals: Counter<'reason'>
  /** Open WebSockets. */
  sockets: Gauge
  /** Open streams of server-sent events. */
  eventStreams: Gauge
  /** People who are online or away, over all instances, as this one shows them. */
  peopleHere: Gauge<'state'>
  /** Open subscriptions, over all sockets. */
  subscriptions: Gauge
  /** Events handed to connections: one event to a hundred subscribers counts a hundred. */
  deliveries: { inc(events: number): void }
  /** Bytes waiting for slow readers, over all connections. */
  queueBytes: Gauge
  /**
   * Readers that went to the log: `cursor` came with one, as connections do that come back, and pages that begin;
   * `behind` had not taken what waited.
   */
  resumes: Counter<'reason'>
  /** Readers that had to start anew, by the reason they were told: `CURSOR_UNKNOWN`, `CURSOR_AHEAD`, `CURSOR_EPOCH`. */
  resets: Counter<'reason'>
  /** Holes in a stream that were read from the log, because a signal was lost or late. */
  holesFilled: Counter
  /** Events that arrived more than once and went no further. */
  repeatsDropped: Counter
  /**
   * Seconds between the commit of an event and the moment in which the sweep found it; 0 when it found nothing. The
   * longest since the last scrape is what is shown.
   */
  sweepLag: { set(seconds: number): void }
  /** 1 while signals reach the other instances; 1 for a single instance, too. */
  natsConnected: Gauge
  /** Seconds since the oldest event that a handler got to in its newest turn was committed; 0 when nothing waits. */
  handlerLag: Gauge<'handler'>
  /** Events that a handler gave up: `skein dead-letters list`. */
  deadLetters: Counter<'handler'>
  /** Seconds by which what was due ran too late: see event-loop-lag.ts. */
  eventLoopLag: { observe(seconds: number): void }
  /** Database connections: open, in use, and calls that wait for one. */
  poolOpen: Gauge
  poolInUse: Gauge
  poolWaiting: Gauge
}

/** A registry of its own, so that several sets of services can live in one process. */
export function createMetrics(): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({
    register: registry,
    prefix: 'skein_',
    // Milliseconds. How late the event loop is we look up ourselves (event-loop-lag.ts): this one would wake it up for that.
    eventLoopMonitoringPrecision: 2 ** 31 - 1,
  })
  for (const { name } of registry.getMetricsAsArray())
    if (name.startsWith('skein_nodejs_eventloop_lag')) registry.removeSingleMetric(name)
  const counter = (name: string, help: string) =>
    new Counter({ name: `skein_${name}`, help, registers })
  const counterBy = (name: string, help: string) =>
    new Counter({ name: `skein_${name}`, help, registers, labelNames: ['reason'] as const })
  const gauge = (name: string, help: string) =>
    new Gauge({ name: `skein_${name}`, help, registers })
  const sweepLag = gauge('sweep_lag_seconds', 'Seconds from commit until the sweep found an event')
  let longestLag = 0
  // Counted for every write to every connection: a counter of the library's would be dearer than that is otherwise.
  const deliveries = counter('deliveries_total', 'Events handed to connections')
  let delivered = 0
  // Kept until somebody asks, or there are many: what the library does for each is dear after a rest.
  const eventLoopLag = new Histogram({
    name: 'skein_event_loop_lag_seconds',
    help: 'Seconds by which what was due ran too late',
    registers,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
  })
  const lags: number[] = []
  const mostLags = 1_000
  const keepLags = () => {
    for (const seconds of lags.splice(0)) eventLoopLag.observe(seconds)
  }
  const readings = new Set([
    keepLags,
    () => {
      sweepLag.set(longestLag)
      longestLag = 0
      deliveries.inc(delivered)
      delivered = 0
    },
  ])

  return {
    registry,
    atScrape(read) {
      readings.add(read)
      return () => readings.delete(read)
    },
    scrape() {
      for (const read of readings) read()
      return registry.metrics()
    },
    httpSeconds: new Histogram({
      name: 'skein_http_request_seconds',
      help: 'Seconds per HTTP request',
      registers,
      labelNames: ['route', 'status'] as const,
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    }),
    eventLoopLag: {
      observe(seconds) {
        if (lags.push(seconds) === mostLags) keepLags()
      },
    },
    refusals: counterBy('gate_refusals_total', 'Requests and upgrades refused by the gate'),
    sockets: gauge('sockets', 'Open WebSockets'),
    eventStreams: gauge('event_streams', 'Open streams of server-sent events'),
    subscriptions: gauge('subscriptions', 'Open subscriptions'),
    peopleHere: new Gauge({
      name: 'skein_people_here',
      help: 'People who are online or away, over all instances',
      registers,
      labelNames: ['state'] as const,
    }),
    deliveries: {
      inc(events: number) {
        delivered += events
      },
    },
    queueBytes: gauge('queue_bytes', 'Bytes waiting for slow readers'),
    resumes: counterBy('resumes_total', 'Readers that went back to the log'),
    resets: counterBy('resets_total', 'Readers that had to start anew'),
    holesFilled: counter('holes_filled_total', 'Holes in streams read from the log'),
    repeatsDropped: counter('repeats_dropped_total', 'Events that arrived more than once'),
    sweepLag: {
      set(seconds: number) {
        longestLag = Math.max(longestLag, seconds)
      },
    },
    natsConnected: gauge('nats_connected', '1 while signals reach the other instances'),
    handlerLag: new Gauge({
      name: 'skein_handler_lag_seconds',
      help: 'Seconds from commit until a handler of events got to it',
      registers,
      labelNames: ['handler'] as const,
    }),
    deadLetters: new Counter({
      name: 'skein_dead_letters_total',
      help: 'Events that a handler gave up',
      registers,
      labelNames: ['handler'] as const,
    }),
    poolOpen: gauge('database_pool_open', 'Open database connections'),
    poolInUse: gauge('database_pool_in_use', 'Database connections in use'),
    poolWaiting: gauge('database_pool_waiting', 'Calls waiting for a database connection'),
  }
}
