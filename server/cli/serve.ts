/**
 * One instance from env to clean stop. Ports first, since a taken one is the likeliest reason not to start; then the
 * database, the schema, the services, and only then people. It stops in reverse: nobody new, sockets elsewhere, what is
 * under way, services, Postgres.
 */
import { Command } from 'commander'
import type { Logger } from 'pino'
import { readEnv, type Env } from '../env.ts'
import { createHttpServer, type HttpServer } from '../http/create-http-server.ts'
import { startDevelopment } from '../http/development.ts'
import { openListeners } from '../http/listeners.ts'
import { openWebBuild } from '../http/web-build.ts'
import { createLogger } from '../observe/logger.ts'
import { createServices, type Services } from '../services.ts'
import { bringSchema } from './bring-schema.ts'
import type { CliIo } from './cli-io.ts'
import { CliError } from './exit-code.ts'
import { greet } from './greet.ts'
import { openDatabase } from './open-database.ts'
import { listenForStop, type StopSignal } from './stop-signal.ts'

interface ServeOptions {
  /** Vite instead of the build, with hot reload. */
  dev?: true
  /** Fill in the demo's people and history first. */
  seed?: true
}

/** `skein serve` */
export function serveCommand(io: CliIo): Command {
  return new Command('serve')
    .description('run the server, until SIGINT or SIGTERM')
    .option('--dev', 'serve the sources of the web app with hot reload, instead of its build')
    .option('--seed', 'fill in the people and history of the demo, if they are not there')
    .action(async (options: ServeOptions) => {
      const env = readEnv()
      await serve(options.dev ? { ...env, NODE_ENV: 'development' } : env, io, options)
    })
}

async function serve(env: Env, io: CliIo, options: ServeOptions): Promise<void> {
  const log = createLogger(env)
  const stopping = listenForStop((error) =>
    log.fatal({ err: error }, 'nobody expected this; stopping'),
  )
  try {
    await run(env, log, io, options, stopping)
  } catch (error) {
    // Asked to stop while starting: what was started has been closed by now.
    if (!isStop(error, stopping.stop)) throw error
  } finally {
    stopping.release()
  }
  if (stopping.failure) throw stopping.failure.error
  log.info('stopped')
}

async function run(
  env: Env,
  log: Logger,
  io: CliIo,
  options: ServeOptions,
  stopping: StopSignal,
): Promise<void> {
  await using opened = new AsyncDisposableStack()
  const build = options.dev ? null : await openWebBuild()
  const listeners = await openListeners(env)
  opened.defer(() => listeners.close())
  const { operations } = listeners
  const wait = waitingAloud(log, (why) => (operations.waitingFor = why))

  const database = await openDatabase(env, {
    log: (line) => log.debug({ from: 'postgres' }, line),
    notice: (line) => log.info({ from: 'postgres' }, line),
    onWaiting: (why) => wait(`the database is not there yet: ${why}`),
    signal: stopping.stop,
    onExit: () =>
      stopping.fail(
        new CliError('the embedded Postgres ended by itself: LOG_LEVEL=debug shows what it said'),
      ),
  })
  opened.defer(() => database.close())
  await bringSchema(database.directUrl, {
    migrateNow: env.MIGRATE_ON_START,
    log,
    wait,
    signal: stopping.stop,
  })

  const services = await createServices(env, database.url, { log })
  opened.defer(() => services.close())
  stopping.stop.throwIfAborted()
  const demo = options.seed ? await import('../../db/seed.ts') : null
  await demo?.seed(services)

  const development = options.dev ? await startDevelopment(listeners.web) : null
  if (development) opened.defer(() => development.close())
  const http = await createHttpServer(services, {
    listeners,
    ...(development ? { development } : {}),
    ...(build ? { build } : {}),
  })
  opened.defer(() => http.close())
  stopping.stop.throwIfAborted()
  const { url, opsUrl } = await http.listen()
  await greet({
    services,
    io,
    url,
    opsUrl,
    embedded: database.embedded,
    ...(demo ? { signIn: demo.demoSignIn } : {}),
  })

  await untilAborted(stopping.stop)
  await leave(http, services, stopping)
}

async function leave(http: HttpServer, { log }: Services, { hurry }: StopSignal): Promise<void> {
  log.info('stopping: sending people elsewhere, finishing what is under way')
  const drained = http.drain()
  // Cut short, it may fail; whatever it was doing is closed next.
  drained.catch((error: unknown) => log.warn({ err: error }, 'draining broke off'))
  await Promise.race([drained, untilAborted(hurry)])
}

/** Timers wrap the reason of the signal that ended them. */
function isStop(error: unknown, { aborted, reason }: AbortSignal): boolean {
  return aborted && (error === reason || (error instanceof Error && error.cause === reason))
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
}

const repeatMs = 30_000

/** Says why we wait: at once, when it changes, and now and then. */
function waitingAloud(log: Logger, tell: (why: string) => void): (why: string) => void {
  let last = ''
  let saidAt = 0
  return (why) => {
    tell(why)
    if (why === last && performance.now() - saidAt < repeatMs) return
    last = why
    saidAt = performance.now()
    log.warn(`waiting: ${why}`)
  }
}
