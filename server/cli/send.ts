import { text as readAll } from 'node:stream/consumers'
import { Command } from 'commander'
import { z } from 'zod'
import type { Message, SkeinClient } from '../../client/index.ts'
import { sendInput } from '../features/messages/messages.schema.ts'
import type { CliIo } from './cli-io.ts'
import { CliError, exitCodes } from './exit-code.ts'
import { parseOptions } from './parse-options.ts'
import { openClient, withServerOptions, type ServerOptions } from './server-options.ts'
import { listenForStop } from './stop-signal.ts'

interface Options extends ServerOptions {
  thread: string
  text?: string
  clientId?: string
  timeout: string
  json?: true
}

const { threadId, text, clientId } = sendInput.shape
const input = z.object({
  thread: threadId,
  'client-id': clientId.optional(),
  timeout: z.coerce.number().positive().max(86_400),
  text,
})

/** `skein send` */
export function sendCommand(io: CliIo): Command {
  const command = new Command('send')
    .description('say something in a thread, repeated safely until there is a definite answer')
    .requiredOption('--thread <id>', 'where')
    .option('--text <text>', 'what; without it, all of stdin')
    .option('--client-id <id>', 'the same id again is the same message, for ever')
    .option('--timeout <seconds>', 'how long to try', '60')
    .option('--json', 'answer with the message as JSON')
  return withServerOptions(command).action(async (options: Options) => {
    const client = openClient(options)
    const message = parseOptions(input, {
      thread: options.thread,
      'client-id': options.clientId,
      timeout: options.timeout,
      text: await textOf(io, options.text),
    })
    const said = await send(client, message)
    if (options.json) io.out(JSON.stringify(said))
    else io.out(`${said.at}  ${said.id}  number ${said.seq} of ${said.threadId}`)
  })
}

async function send(client: SkeinClient, message: z.infer<typeof input>): Promise<Message> {
  const stopping = listenForStop(() => undefined)
  const clientId = message['client-id']
  try {
    return await client.send({
      threadId: message.thread,
      text: message.text,
      timeoutMs: message.timeout * 1_000,
      signal: stopping.stop,
      ...(clientId === undefined ? {} : { clientId }),
    })
  } catch (error) {
    throw stopping.failure?.error ?? error
  } finally {
    stopping.release()
  }
}

/** What was given, or what is piped in, without the end of its last line. */
async function textOf(io: CliIo, given: string | undefined): Promise<string> {
  if (given !== undefined) return given
  if (io.interactive) throw new CliError('--text is needed, or something piped in', exitCodes.usage)
  return (await readAll(process.stdin)).replace(/\r?\n$/, '')
}
