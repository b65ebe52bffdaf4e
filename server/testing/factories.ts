import { randomUUID } from 'node:crypto'
import type { Actor, Context } from '../context.ts'
import { authenticate } from '../features/accounts/authenticate.ts'
import { createPerson } from '../features/accounts/create-person.ts'
import { startSession } from '../features/accounts/start-session.ts'
import type { Self } from '../features/people/people.schema.ts'
import { createCaller, type Caller } from '../router.ts'
import type { Services } from '../services.ts'

/** Everyone's in tests, so that it is hashed once. */
export const testPassword = 'four geese over the lake'
let hashed: Promise<string> | null = null

/** Somebody who is signed in, and what they can ask. */
export interface TestPerson {
  user: Self
  actor: Actor
  /** Of their session, as a browser sends it. */
  cookieHeader: string
  /** Calls on the first instance. */
  api: Caller
  /** Calls on another instance. */
  on: (services: Services) => Caller
}

/** A context as a request over HTTP has it. */
export function testContext(services: Services, overrides: Partial<Context> = {}): Context {
  return {
    services,
    actor: null,
    requestId: randomUUID(),
    address: '192.0.2.1',
    userAgent: 'vitest',
    log: services.log,
    setCookie: () => undefined,
    ...overrides,
  }
}

/** Signs somebody up with a session of their own. The first one owns the server and starts the thread "general". */
export async function addPerson(
  services: Services,
  name: string,
  handle = name.toLowerCase(),
): Promise<TestPerson> {
  hashed ??= services.accounts.hasher.hash(testPassword)
  const passwordHash = await hashed
  const email = `${handle}@example.org`
  const { user, header } = await services.commit(async (trx) => {
    const user = await createPerson(trx, { kind: 'person', email, passwordHash, name, handle })
    const origin = { address: '192.0.2.1', userAgent: 'vitest' }
    const header = await startSession(trx, services.accounts, { id: user.id, passwordHash }, origin)
    return { user, header }
  })
  const cookieHeader = cookieOf(header)
  const actor = await authenticate(services.accounts, { cookieHeader })
  if (!actor) throw new Error(`${name} is not signed in`)
  const on = (instance: Services) => createCaller(testContext(instance, { actor }))
  return { user, actor, cookieHeader, api: on(services), on }
}

/** What a browser sends back for a Set-Cookie header. */
export function cookieOf(setCookie: string): string {
  return setCookie.split(';')[0] ?? ''
}
