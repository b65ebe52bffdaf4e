import { Command } from 'commander'
import type { CliIo } from './cli-io.ts'
import { withServices } from './with-services.ts'

/** `skein seed` */
export function seedCommand(io: CliIo): Command {
  return new Command('seed')
    .description('fill in the people and history of the demo; a second time changes nothing')
    .option('--json', 'answer as JSON')
    .action(async (options: { json?: true }) => {
      const { seed, demoSignIn } = await import('../../db/seed.ts')
      await withServices((services) => seed(services))
      io.out(
        options.json
          ? JSON.stringify({ seeded: true, signIn: demoSignIn })
          : `the demo is there: sign in as ${demoSignIn.email}, password: ${demoSignIn.password}`,
      )
    })
}
