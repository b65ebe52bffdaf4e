/** What one person can see of the server, read through the same procedures as any client reads it. */
import type { Caller } from '../router.ts'
import type { Message } from '../features/messages/messages.schema.ts'
import type { Person, Self } from '../features/people/people.schema.ts'
import type { Server } from '../features/server/server.schema.ts'
import type { MyThread, Participant, Thread } from '../features/threads/threads.schema.ts'
import type { TestPerson } from './factories.ts'

export interface ThreadState {
  mine: MyThread
  participants: Record<string, Participant & { person: Person }>
  messages: Record<string, Message>
}

export interface PublicState {
  self: Self
  server: Server
  people: Record<string, Person>
  threads: Record<string, ThreadState>
  /** Open threads, as everyone may find them. Their counts belong to the page that is loaded. */
  open: Record<string, Thread & { joined: boolean }>
}

export async function readPublicState({ api }: TestPerson): Promise<PublicState> {
  const threads: Record<string, ThreadState> = {}
  for (const mine of await allThreads(api))
    threads[mine.id] = {
      mine,
      participants: await allParticipants(api, mine.id),
      messages: await allMessages(api, mine.id),
    }
  const { people } = await api.people.search({ query: '', limit: 100, deactivated: true })
  return {
    self: (await api.auth.me()).user,
    server: (await api.server.get()).server,
    people: Object.fromEntries(people.map((person) => [person.id, person])),
    threads,
    open: await allOpen(api),
  }
}

async function allThreads(api: Caller): Promise<MyThread[]> {
  const threads: MyThread[] = []
  for (const archived of [false, true]) {
    let after: string | undefined
    do {
      const page = await api.threads.list({ archived, limit: 2, ...(after ? { after } : {}) })
      threads.push(...page.threads)
      after = page.next ?? undefined
    } while (after)
  }
  return threads
}

async function allParticipants(
  api: Caller,
  threadId: string,
): Promise<ThreadState['participants']> {
  const participants: ThreadState['participants'] = {}
  let after: string | undefined
  do {
    const page = await api.threads.participants.list({
      threadId,
      limit: 2,
      ...(after ? { after } : {}),
    })
    for (const participant of page.participants) participants[participant.person.id] = participant
    after = page.next ?? undefined
  } while (after)
  return participants
}

async function allMessages(api: Caller, threadId: string): Promise<ThreadState['messages']> {
  const messages: ThreadState['messages'] = {}
  for (let after = 0; ;) {
    const page = await api.messages.list({ threadId, after, limit: 2 })
    for (const message of page.messages) messages[message.id] = message
    if (!page.hasNewer) return messages
    after = page.messages.at(-1)?.seq ?? after
  }
}

async function allOpen(api: Caller): Promise<PublicState['open']> {
  const open: PublicState['open'] = {}
  let after: string | undefined
  do {
    const page = await api.threads.browse({ limit: 2, ...(after ? { after } : {}) })
    for (const { participants: _count, activeAt: _time, ...thread } of page.threads)
      open[thread.id] = thread
    after = page.next ?? undefined
  } while (after)
  return open
}
