import { pino } from 'pino'
import { readEnv } from '../../server/env.ts'
import { createPerson } from '../../server/features/accounts/create-person.ts'
import { startSession } from '../../server/features/accounts/start-session.ts'
import { createServices } from '../../server/services.ts'

/** Signs somebody up and in, as a browser would be. @returns the cookie it would send from then on. */
export async function createSession(
  databaseUrl: string,
  handle: string,
): Promise<{ userId: string; cookie: string }> {
  const env = readEnv({ DATABASE_URL: databaseUrl, DATABASE_POOL: '2' })
  const services = await createServices(env, databaseUrl, { log: pino({ level: 'silent' }) })
  try {
    const { accounts, commit } = services
    const passwordHash = await accounts.hasher.hash('four geese over the lake')
    const email = `${handle}@example.org`
    return await commit(async (trx) => {
      const input = { kind: 'person' as const, name: handle, handle, email, passwordHash }
      const { id } = await createPerson(trx, input)
      const origin = { address: '192.0.2.1', userAgent: 'chaos' }
      const header = await startSession(trx, accounts, { id, passwordHash }, origin)
      return { userId: id, cookie: header.split(';')[0] ?? '' }
    })
  } finally {
    await services.close()
  }
}
