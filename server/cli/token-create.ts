import { Command } from 'commander'
import { createTokenInput } from '../features/accounts/accounts.schema.ts'
import { createTokenFor } from '../features/accounts/create-token-for.ts'
import { handle } from '../features/people/people.schema.ts'
import type { CliIo } from './cli-io.ts'
import { parseOptions } from './parse-options.ts'
import { withServices } from './with-services.ts'

interface Options {
  handle: string
  name: string
  days?: string
  json?: true
}

const input = createTokenInput.extend({ handle })

/** `skein token …` */
export function tokenCommand(io: CliIo): Command {
  return new Command('token').description('bearer tokens for the API').addCommand(
    new Command('create')
      .description('make a bearer token for a person or a bot; it is shown this once')
      .requiredOption('--handle <handle>', 'whose')
      .requiredOption('--name <name>', 'what it is for, as lists of tokens show it')
      .option('--days <days>', 'until it ends; without, it never ends')
      .option('--json', 'answer as JSON')
      .action(async (options: Options) => {
        const { handle, ...wanted } = parseOptions(input, {
          handle: options.handle,
          name: options.name,
          days: options.days === undefined ? null : Number(options.days),
        })
        const { token, secret } = await withServices(({ commit }) =>
          commit((trx) => createTokenFor(trx, handle, wanted)),
        )
        if (options.json) return io.out(JSON.stringify({ token, secret }))
        // The secret alone on stdout: TOKEN=$(skein token create …)
        io.error(`a token for @${handle}, shown this once; ends ${token.expiresAt ?? 'never'}:`)
        io.out(secret)
      }),
  )
}
