import { Command } from 'commander'
import { handlers } from '../events.ts'
import { replay, stateOf, type DeadLetter } from '../log/dead-letter.ts'
import type { Services } from '../services.ts'
import type { CliIo } from './cli-io.ts'
import { CliError, exitCodes } from './exit-code.ts'
import { withServices } from './with-services.ts'

/** `skein dead-letters …` */
export function deadLettersCommand(io: CliIo): Command {
  return new Command('dead-letters')
    .description('events that the server could not react to')
    .addCommand(listCommand(io))
    .addCommand(replayCommand(io))
}

function listCommand(io: CliIo): Command {
  return new Command('list')
    .description('those that wait, newest last, with the reason')
    .option('--all', 'also those that were applied since')
    .option('--json', 'answer as JSON, one a line')
    .action(async (options: { all?: true; json?: true }) => {
      const letters = await withServices((services) => findLetters(services, options.all ?? false))
      for (const letter of letters)
        io.out(options.json ? JSON.stringify(toJson(letter)) : toLine(letter))
      if (letters.length === 0 && !options.json) io.error('none')
    })
}

function replayCommand(io: CliIo): Command {
  return new Command('replay')
    .description('ask the handler again, once; works while Skein runs')
    .argument('[id]', 'which one')
    .option('--all', 'all that wait')
    .option('--json', 'answer as JSON, one a line')
    .action(async (id: string | undefined, options: { all?: true; json?: true }) => {
      if ((id === undefined) === (options.all === undefined))
        throw new CliError('say which one, or --all', exitCodes.usage)
      const failed = await withServices(async (services) => {
        const ids =
          id === undefined ? (await findLetters(services, false)).map((letter) => letter.id) : [id]
        let failures = 0
        for (const each of ids) if (!(await replayOne(services, io, each, options))) failures++
        return failures
      })
      if (failed > 0) throw new CliError(`${failed} still cannot be applied`)
    })
}

async function replayOne(
  { db }: Services,
  io: CliIo,
  id: string,
  { json }: { json?: true },
): Promise<boolean> {
  const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)
  const outcome = uuid ? await replay(db, handlers, id) : null
  if (outcome === null) throw new CliError(`there is no dead letter ${id}`)
  const failed = typeof outcome === 'object'
  const result = failed ? 'failed' : outcome
  if (json) io.out(JSON.stringify({ id, result, ...(failed ? { reason: outcome.failed } : {}) }))
  else if (failed) io.error(`${id}: ${outcome.failed}`)
  else io.out(`${id}: ${outcome === 'applied' ? 'applied' : 'was applied before'}`)
  return !failed
}

function findLetters({ db }: Services, all: boolean): Promise<DeadLetter[]> {
  return db
    .selectFrom('deadLetters')
    .selectAll()
    .$if(!all, (query) => query.where('appliedAt', 'is', null))
    .orderBy('at')
    .orderBy('id')
    .execute()
}

function toLine(letter: DeadLetter): string {
  const { id, handler, type, streamId, seq, attempts, reason } = letter
  const tries = attempts === 1 ? 'once' : `${attempts} times`
  return `${id}  ${stateOf(letter)}, tried ${tries}  ${handler} ← ${type} ${streamId}:${seq}  ${reason}`
}

function toJson(letter: DeadLetter) {
  const { id, handler, streamId: stream, seq, type, reason, attempts, at } = letter
  const state = stateOf(letter)
  return { id, handler, stream, seq, type, reason, attempts, at: at.toISOString(), state }
}
