import { randomUUID } from 'node:crypto'
import type { Message } from '../features/messages/messages.schema.ts'
import type { MyThread, ThreadKind } from '../features/threads/threads.schema.ts'
import type { TestPerson } from './factories.ts'

/** Starts a thread with these people beside the one who starts it. */
export async function startThread(
  by: TestPerson,
  kind: ThreadKind,
  people: readonly TestPerson[] = [],
  title = 'Launch plans',
): Promise<MyThread> {
  const { thread } = await by.api.threads.create({
    clientId: randomUUID(),
    kind,
    ...(kind === 'direct' ? {} : { title }),
    participantIds: people.map((person) => person.user.id),
  })
  return thread
}

/** Says something in a thread. */
export async function say(by: TestPerson, threadId: string, text: string): Promise<Message> {
  const { message } = await by.api.messages.send({ threadId, clientId: randomUUID(), text })
  return message
}
