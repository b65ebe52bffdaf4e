import { CommanderError } from 'commander'
import { SkeinError } from '../../client/index.ts'
import { EmbeddedPostgresError } from '../../db/embedded/embedded-postgres-error.ts'
import { DatabaseTooNewError } from '../../db/migrate.ts'
import { EnvError } from '../env.ts'
import { AppError } from '../errors.ts'
import { ListenError } from '../http/listeners.ts'
import { NoWebBuildError } from '../http/web-build.ts'
import { withoutPasswords } from '../observe/describe-failure.ts'

/** Names of sysexits.h, as far as we use them. */
export const exitCodes = { ok: 0, failed: 1, usage: 64, config: 78 } as const

/** A verb could not do what was asked; the message is the one line people see. */
export class CliError extends Error {
  readonly exitCode: number

  constructor(message: string, exitCode: number = exitCodes.failed) {
    super(message)
    this.exitCode = exitCode
  }
}

const explained = [
  EmbeddedPostgresError,
  DatabaseTooNewError,
  ListenError,
  NoWebBuildError,
  AppError,
  SkeinError,
]

/**
 * What a failure means to the shell, and the line that says it. Failures that explain themselves, and those of the
 * system and the database, take one line; only what nobody expected shows where it came from.
 */
export function explainFailure(error: unknown): { exitCode: number; line: string | null } {
  if (error instanceof CommanderError) {
    // Commander has written its own words by now.
    return { exitCode: error.exitCode === 0 ? exitCodes.ok : exitCodes.usage, line: null }
  }
  if (error instanceof EnvError)
    return { exitCode: exitCodes.config, line: `skein: ${error.message}` }
  if (error instanceof CliError)
    return { exitCode: error.exitCode, line: `skein: ${error.message}` }
  if (!(error instanceof Error))
    return { exitCode: exitCodes.failed, line: `skein: ${String(error)}` }
  const plain = explained.some((kind) => error instanceof kind) || 'code' in error
  const text = plain ? error.message : (error.stack ?? error.message)
  return { exitCode: exitCodes.failed, line: `skein: ${withoutPasswords(text)}` }
}
