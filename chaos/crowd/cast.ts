import { pino } from 'pino'
import { readEnv } from '../../server/env.ts'
import { createPerson } from '../../server/features/accounts/create-person.ts'
import { issueToken } from '../../server/features/accounts/issue-token.ts'
import { createThread } from '../../server/features/threads/create-thread.ts'
import { createServices, type Services } from '../../server/services.ts'
import type { Random } from '../random.ts'

export interface Person {
  id: string
  handle: string
  token: string
}

export interface CastThread {
  id: string
  /** Whoever started it, and may remove others. */
  owner: Person
  members: Person[]
}

export interface Cast {
  people: Person[]
  threads: CastThread[]
}

export interface CastSize {
  people: number
  threads: number
  /** People in each thread, its owner included. */
  members: number
}

/** Signs people up and starts private threads among them, as an operator and they themselves would. */
export async function createCast(
  databaseUrl: string,
  name: string,
  size: CastSize,
  random: Random,
): Promise<Cast> {
  const env = readEnv({ DATABASE_URL: databaseUrl, DATABASE_POOL: '4' })
  const services = await createServices(env, databaseUrl, { log: pino({ level: 'silent' }) })
  try {
    const people: Person[] = []
    for (let number = 1; number <= size.people; number++)
      people.push(await createMember(services, `${name}-${number}`))
    const threads: CastThread[] = []
    for (let number = 1; number <= size.threads; number++) {
      const members = random.shuffle(people).slice(0, size.members)
      threads.push(await startThread(services, `${name} ${number}`, members))
    }
    return { people, threads }
  } finally {
    await services.close()
  }
}

/** A bot: it needs no password, and is in every other way like anyone. */
async function createMember({ commit }: Services, handle: string): Promise<Person> {
  return commit(async (trx) => {
    const input = { kind: 'bot' as const, name: handle, handle, email: null, passwordHash: null }
    const { id } = await createPerson(trx, input)
    const { secret } = await issueToken(trx, id, { name: 'chaos', days: 1 })
    return { id, handle, token: secret }
  })
}

async function startThread(
  { commit }: Services,
  title: string,
  members: Person[],
): Promise<CastThread> {
  const [owner, ...others] = members
  if (!owner) throw new Error('a thread needs somebody')
  const input = { clientId: title.replaceAll(' ', '-'), kind: 'private' as const, title }
  const participantIds = others.map(({ id }) => id)
  const { id } = await commit((trx) => createThread(trx, owner.id, { ...input, participantIds }))
  return { id, owner, members }
}
