import type { Services } from '../services.ts'
import type { CliIo } from './cli-io.ts'

/** Says where Skein is, and what to do first: to whoever started it by hand, and in the log. */
export async function greet(given: {
  services: Services
  io: CliIo
  url: string
  opsUrl: string
  embedded: boolean
  /** Of somebody in the demo, where that was filled in. */
  signIn?: { email: string; password: string }
}): Promise<void> {
  const { services, io, url, opsUrl, embedded, signIn } = given
  const { db, env, log } = services
  const anyone = await db.selectFrom('users').select('id').limit(1).executeTakeFirst()
  log.info({ url, opsUrl, version: env.version, nats: env.NATS_URL !== '' }, 'ready')
  // Where the database is somebody's own and nobody watches, the log alone is read, by programs.
  if (!io.interactive && !embedded) return
  const first = anyone
    ? `Open ${url} and sign in${signIn ? ` as ${signIn.email}, password: ${signIn.password}` : '.'}`
    : `Open ${url} and sign up: the first person becomes the owner.`
  const strong = (text: string) => (io.colour ? `\u001b[1m${text}\u001b[22m` : text)
  io.out('')
  io.out(`  ${strong(`Skein ${env.version} is running at ${url}`)}`)
  io.out(`  ${first}`)
  io.out('  Ctrl-C stops it; everything is kept.')
  io.out('')
}
