import { Command } from 'commander'
import { packageVersion } from '../env.ts'
import { processIo, type CliIo } from './cli-io.ts'
import { deadLettersCommand } from './dead-letters.ts'
import { doctorCommand } from './doctor.ts'
import { explainFailure, exitCodes } from './exit-code.ts'
import { migrateCommand } from './migrate.ts'
import { seedCommand } from './seed.ts'
import { sendCommand } from './send.ts'
import { serveCommand } from './serve.ts'
import { tailCommand } from './tail.ts'
import { tokenCommand } from './token-create.ts'
import { userCommand } from './user-create.ts'

/**
 * `skein <verb>`: runs one verb to its end.
 * @param args what stands behind the program's name.
 * @returns the exit code: 0 done, 1 failed, 64 asked wrongly, 78 configured wrongly.
 */
export async function skein(args: readonly string[], io: CliIo = processIo()): Promise<number> {
  const program = new Command('skein')
    .description('Team messaging that a team runs itself.')
    .version(packageVersion())
    .showHelpAfterError('(--help says more)')
    .configureHelp({ showGlobalOptions: true })
  const verbs = [
    serveCommand,
    migrateCommand,
    seedCommand,
    userCommand,
    tokenCommand,
    deadLettersCommand,
    tailCommand,
    sendCommand,
    doctorCommand,
  ]
  for (const verb of verbs) program.addCommand(verb(io))
  listen(program, io)
  try {
    await program.parseAsync(args, { from: 'user' })
    return exitCodes.ok
  } catch (error) {
    const { exitCode, line } = explainFailure(error)
    if (line !== null) io.error(line)
    return exitCode
  }
}

/** Every verb, at any depth, writes where we say and throws instead of ending the process. */
function listen(command: Command, io: CliIo): void {
  command.exitOverride().configureOutput({
    writeOut: (text) => io.out(text.trimEnd()),
    writeErr: (text) => io.error(text.trimEnd()),
  })
  for (const child of command.commands) listen(child, io)
}
