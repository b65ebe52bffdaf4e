import { Command } from 'commander'
import { signUpInput } from '../features/accounts/accounts.schema.ts'
import { createUser, type NewUser } from '../features/accounts/create-user.ts'
import type { CliIo } from './cli-io.ts'
import { CliError, exitCodes } from './exit-code.ts'
import { parseOptions } from './parse-options.ts'
import { ask, askPassword } from './question.ts'
import { withServices } from './with-services.ts'

interface Options {
  bot?: true
  email?: string
  name?: string
  handle?: string
  passwordStdin?: true
  password?: string
  json?: true
}

/** `skein user …` */
export function userCommand(io: CliIo, stdin: NodeJS.ReadableStream = process.stdin): Command {
  return new Command('user').description('people and bots').addCommand(
    new Command('create')
      .description('add a person or a bot; what is missing is asked for')
      .option('--email <address>', 'to sign in with')
      .option('--name <name>', 'as others see it')
      .option('--handle <handle>', 'what stands behind an @')
      .option('--password-stdin', 'read the password from stdin')
      .option('--password <->', 'the same; only - is taken, a command line is no place for secrets')
      .option('--bot', 'a bot: without address and password, made for a token')
      .option('--json', 'answer as JSON')
      .action(async (options: Options) => {
        const input = await readUser(io, options, stdin)
        const user = await withServices(({ accounts, commit }) =>
          createUser(accounts, commit, input),
        )
        io.out(
          options.json
            ? JSON.stringify({ user })
            : `@${user.handle} (${user.name}) is here as ${user.kind === 'bot' ? 'a bot' : user.role}`,
        )
      }),
  )
}

async function readUser(
  io: CliIo,
  options: Options,
  stdin: NodeJS.ReadableStream,
): Promise<NewUser> {
  if (options.password !== undefined && options.password !== '-')
    throw new CliError(
      'a password on the command line can be read by others on this machine: use --password-stdin',
      exitCodes.usage,
    )
  const name = await ask(io, 'name', options.name)
  const handle = await ask(io, 'handle', options.handle)
  if (options.bot) {
    const bot = parseOptions(signUpInput.pick({ name: true, handle: true }), { name, handle })
    return { kind: 'bot', ...bot }
  }
  const email = await ask(io, 'email', options.email)
  const fromStdin = options.passwordStdin === true || options.password === '-'
  const password = await askPassword(io, fromStdin, stdin)
  const person = parseOptions(signUpInput.omit({ invitation: true }), {
    email,
    name,
    handle,
    password,
  })
  return { kind: 'person', ...person }
}
