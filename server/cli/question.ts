import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import type { CliIo } from './cli-io.ts'
import { CliError, exitCodes } from './exit-code.ts'

/**
 * What an option says, or the answer of whoever sits at the terminal.
 * @throws CliError when neither is there.
 */
export async function ask(io: CliIo, option: string, given: string | undefined): Promise<string> {
  if (given !== undefined) return given
  return readLine(io, option, { hidden: false })
}

/**
 * A password: never from the command line, which other users of the machine can read.
 * @param fromStdin all of stdin but the line's end; otherwise it is asked for, and typed unseen.
 */
export async function askPassword(
  io: CliIo,
  fromStdin: boolean,
  stdin: NodeJS.ReadableStream = process.stdin,
): Promise<string> {
  if (fromStdin) return (await text(stdin)).replace(/\r?\n$/, '')
  return readLine(io, 'password', { hidden: true })
}

async function readLine(
  io: CliIo,
  option: string,
  { hidden }: { hidden: boolean },
): Promise<string> {
  if (!io.interactive)
    throw new CliError(
      `--${option}${hidden ? '-stdin' : ''} is needed: there is no terminal to ask at`,
      exitCodes.usage,
    )
  // Readline echoes what is typed; into nowhere when it is a password.
  const output = hidden
    ? new Writable({ write: (_chunk, _encoding, done) => done() })
    : process.stderr
  if (hidden) process.stderr.write(`${option}: `)
  const lines = createInterface({ input: process.stdin, output, terminal: true })
  try {
    return await lines.question(hidden ? '' : `${option}: `)
  } finally {
    lines.close()
    if (hidden) process.stderr.write('\n')
  }
}
