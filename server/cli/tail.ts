/**
 * `skein tail`: facts as lines, until Ctrl-C. The position moves when the lines were taken by whoever reads them; with
 * `--state` it is kept, so that the next tail goes on behind them.
 */
import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { Command } from 'commander'
import { z } from 'zod'
import {
  SkeinError,
  type ConnectionState,
  type Position,
  type PositionStore,
  type SkeinClient,
  type SkeinEvent,
} from '../../client/index.ts'
import { fileStore } from '../../client/node.ts'
import { id } from '../features/people/people.schema.ts'
import type { CliIo } from './cli-io.ts'
import { CliError, exitCodes } from './exit-code.ts'
import { parseOptions } from './parse-options.ts'
import { openClient, withServerOptions, type ServerOptions } from './server-options.ts'
import { listenForStop } from './stop-signal.ts'

interface Options extends ServerOptions {
  json?: true
  thread?: string
  from: string
  state?: string
}

const input = z.object({ thread: id.optional() })

/** `skein tail` */
export function tailCommand(io: CliIo): Command {
  const command = new Command('tail')
    .description('show what happens, as it happens, until Ctrl-C; what was missed while away, too')
    .option('--json', 'every fact as JSON, one a line')
    .option('--thread <id>', 'of this thread only')
    .option('--from <cursor>', '`now`, or a cursor of `events.cursor` or of an earlier tail', 'now')
    .option('--state <file>', 'keeps the position; where it is there, goes on behind it')
  return withServerOptions(command).action(async (options: Options) => {
    const { thread } = parseOptions(input, { thread: options.thread })
    if (options.state !== undefined) requireFolder(dirname(options.state))
    await tail(openClient(options), io, { ...options, thread })
  })
}

/** At once: writing would be tried again and again, as if it passed. */
function requireFolder(path: string): void {
  if (existsSync(path)) return
  throw new CliError(`--state: there is no folder ${path}`, exitCodes.usage)
}

type Wanted = Omit<Options, 'thread'> & { thread: string | undefined }

async function tail(client: SkeinClient, io: CliIo, options: Wanted): Promise<void> {
  const stopping = listenForStop(() => undefined)
  const reader = new AbortController()
  const onGone = (error: unknown) => reader.abort(error)
  process.stdout.on('error', onGone)
  const hush = tellOf(client, io)
  const following = client.follow({
    cursor: beginning(options),
    signal: AbortSignal.any([stopping.stop, reader.signal]),
    async onEvents(events) {
      const wanted = events.filter(({ stream }) => stream === (options.thread ?? stream))
      for (const event of wanted) io.out(options.json ? JSON.stringify(event) : toLine(event))
      await flushed(process.stdout)
    },
  })
  try {
    await following.done
  } catch (error) {
    throw explain(error, options)
  } finally {
    hush()
    await client.close()
    stopping.release()
    process.stdout.off('error', onGone)
  }
  if (stopping.failure) throw stopping.failure.error
  const { position } = following
  if (reader.signal.aborted) return requireBrokenPipe(reader.signal.reason)
  if (position && options.state === undefined)
    io.error(`skein: to go on from here: --from ${position.cursor}`)
}

/** `tail | head` has what it wanted; every other failure to write is one. */
function requireBrokenPipe(failure: unknown): void {
  if (!(failure instanceof Error) || ('code' in failure && failure.code === 'EPIPE')) return
  throw new CliError(`the lines could not be written: ${failure.message}`)
}

/** Resolves when whoever reads the lines has taken them. */
function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write('', (error) => (error ? reject(error) : resolve()))
  })
}

function beginning({ from, state }: Wanted): 'now' | { cursor: string } | PositionStore {
  const start = from === 'now' ? from : { cursor: from }
  if (state === undefined) return start
  const file = fileStore(state)
  return {
    save: (position) => file.save(position),
    load: async () => (await file.load()) ?? (start === 'now' ? undefined : whole(start)),
  }
}

function whole({ cursor }: { cursor: string }): Position {
  return { cursor, heads: {}, away: {} }
}

/** Says on stderr how the connection is, when that changes. @returns ends it */
function tellOf({ connection }: SkeinClient, io: CliIo): () => void {
  let said: string | null = null
  return connection.subscribe(() => {
    const words = wordsFor(connection.getSnapshot())
    if (words === null || words === said) return
    said = words
    io.error(`skein: ${words}`)
  })
}

function wordsFor(state: ConnectionState): string | null {
  if (state.type === 'live') return 'live'
  // Nothing is followed any more: whatever ended it is told by itself.
  if (state.type !== 'offline' || state.reason === 'IDLE') return null
  return `offline: ${state.message} It is tried again.`
}

function explain(error: unknown, { state }: Wanted): unknown {
  if (!(error instanceof SkeinError)) return error
  const { reason, message, cause } = error
  if (reason.startsWith('CURSOR_')) {
    const how = state === undefined ? 'begin without --from' : `remove ${state}`
    return new CliError(`${message} What happened since cannot be told: ${how} to begin now.`)
  }
  if (reason === 'STORE_FAILED' && cause instanceof Error)
    return new CliError(`${state ?? 'the position'}: ${cause.message}`)
  return error
}

function toLine(event: SkeinEvent): string {
  const { at, type, stream, seq, payload } = event
  const what =
    event.type === 'message.posted'
      ? `@${event.payload.message.author.handle}: ${JSON.stringify(event.payload.message.text)}`
      : JSON.stringify(payload)
  return `${at}  ${type}  ${stream}:${seq}  ${what}`
}
