import { Option, type Command } from 'commander'
import { createClient, type SkeinClient } from '../../client/index.ts'
import { CliError, exitCodes } from './exit-code.ts'

/** What every verb takes that talks to a server as somebody. */
export interface ServerOptions {
  url: string
  token?: string
}

/** Adds `--url` and `--token`. */
export function withServerOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--url <url>', 'of the server').env('SKEIN_URL').default('http://localhost:3000'),
    )
    .addOption(
      new Option(
        '--token <token>',
        'who asks; other users of this machine can read a command line, the variable they cannot',
      ).env('SKEIN_TOKEN'),
    )
}

/** A client of that server. @throws CliError when there is no token, or the url is none. */
export function openClient({ url, token }: ServerOptions): SkeinClient {
  if (token === undefined || token === '')
    throw new CliError(
      'a token is needed, in SKEIN_TOKEN or as --token: `skein token create` makes one',
      exitCodes.usage,
    )
  try {
    return createClient({ url, token })
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new CliError(`--url: ${error.message}`, exitCodes.usage)
  }
}
