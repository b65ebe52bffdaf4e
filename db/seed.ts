import { AppError } from '../server/errors.ts'
import type { Services } from '../server/services.ts'
import { createPerson } from '../server/features/accounts/create-person.ts'
import { deleteMessage } from '../server/features/messages/delete-message.ts'
import { editMessage } from '../server/features/messages/edit-message.ts'
import { sendMessage } from '../server/features/messages/send-message.ts'
import { setStatus } from '../server/features/people/set-status.ts'
import { updateProfile } from '../server/features/people/update-profile.ts'
import { archiveThread } from '../server/features/threads/archive-thread.ts'
import { createThread } from '../server/features/threads/create-thread.ts'
import { markRead } from '../server/features/threads/mark-read.ts'
import type { Trx } from '../server/log/commit.ts'
import type { Conversation, Handle } from './demo/conversation.ts'
import { conversations } from './demo/conversations.ts'
import { moveBack } from './demo/move-back.ts'
import { people, type DemoPerson } from './demo/people.ts'
import { planSteps, timeOf, type Step } from './demo/plan-steps.ts'

/** How to sign in to the demo; everyone there has the same password, so it is not for a place that others reach. */
export const demoSignIn = { email: emailOf('ada'), password: 'thirty-three kilometres up' }

interface Stage {
  ids: Map<Handle, string>
  threads: Map<string, string>
  messages: Map<string, string>
}

/**
 * Fills an empty server with the demo's people and two weeks of their conversations, through the real verbs and in
 * one transaction: it is there as a whole or not at all. A second time changes nothing.
 * @returns whether it was filled now.
 * @throws AppError NOT_ALLOWED where people of one's own are already
 */
export async function seed(services: Services, now = new Date()): Promise<boolean> {
  const passwordHash = await services.accounts.hasher.hash(demoSignIn.password)
  return services.commit(async (trx) => {
    const present = await trx.selectFrom('users').select('email').execute()
    if (present.some((person) => person.email === demoSignIn.email)) return false
    if (present.length > 0) throw notEmpty()
    const stage: Stage = { ids: new Map(), threads: new Map(), messages: new Map() }
    for (const [place, person] of people.entries()) {
      await arrive(trx, stage, person, passwordHash)
      await moveBack(trx, timeOf(`14 09:${String(10 + place * 5)}`, now))
    }
    for (const step of planSteps(conversations, now)) {
      await take(trx, stage, step)
      await moveBack(trx, step.at)
    }
    for (const conversation of conversations) await read(trx, stage, conversation)
    await moveBack(trx, timeOf('15m', now))
    return true
  })
}

function notEmpty(): AppError {
  return new AppError(
    'NOT_ALLOWED',
    'people of your own are here already; the demo only goes into an empty server',
  )
}

function emailOf(handle: Handle): string {
  return `${handle}@example.org`
}

async function arrive(
  trx: Trx,
  { ids }: Stage,
  { handle, name, title, timeZone, status }: DemoPerson,
  passwordHash: string,
): Promise<void> {
  const email = emailOf(handle)
  const { id } = await createPerson(trx, { kind: 'person', email, passwordHash, name, handle })
  ids.set(handle, id)
  await updateProfile(trx, id, { title, timeZone })
  if (status) await setStatus(trx, id, { ...status, until: null })
}

async function take(trx: Trx, stage: Stage, step: Step): Promise<void> {
  switch (step.do) {
    case 'start':
      stage.threads.set(step.conversation.key, await start(trx, stage, step.conversation))
      return
    case 'say': {
      const threadId = known(stage.threads, step.conversation.key)
      const input = { threadId, clientId: step.key, text: step.text }
      const { id } = await sendMessage(trx, known(stage.ids, step.by), input)
      stage.messages.set(step.key, id)
      return
    }
    case 'edit': {
      const messageId = known(stage.messages, step.key)
      await editMessage(trx, known(stage.ids, step.by), { messageId, text: step.text })
      return
    }
    case 'delete':
      await deleteMessage(trx, known(stage.ids, step.by), {
        messageId: known(stage.messages, step.key),
      })
      return
    case 'archive': {
      const { key, by } = step.conversation
      const threadId = known(stage.threads, key)
      await archiveThread(trx, known(stage.ids, by), { threadId, archived: true })
    }
  }
}

/** The thread that newcomers join is there since the first person signed up; its clientId finds it again. */
async function start(trx: Trx, { ids }: Stage, conversation: Conversation): Promise<string> {
  const { key, kind, title, topic, by } = conversation
  const { id } = await createThread(trx, known(ids, by), {
    clientId: key,
    kind,
    ...(title === undefined ? {} : { title }),
    ...(topic === undefined ? {} : { topic }),
    participantIds: conversation.people.map((handle) => known(ids, handle)),
  })
  return id
}

/** Everyone has read everything, but for what is new to Ada. */
async function read(trx: Trx, { ids, threads }: Stage, conversation: Conversation): Promise<void> {
  const { key, by, unreadByAda = 0 } = conversation
  const threadId = known(threads, key)
  const newest = await trx
    .selectFrom('messages')
    .select('seq')
    .where('threadId', '=', threadId)
    .orderBy('seq', 'desc')
    .limit(unreadByAda + 1)
    .execute()
  const everything = Number.MAX_SAFE_INTEGER
  for (const handle of new Set([by, ...conversation.people]))
    await markRead(trx, known(ids, handle), {
      threadId,
      seq: handle === 'ada' && unreadByAda > 0 ? (newest.at(-1)?.seq ?? 0) : everything,
    })
}

function known<Key>(map: ReadonlyMap<Key, string>, key: Key): string {
  const id = map.get(key)
  if (id === undefined) throw new Error(`the demo does not know ${String(key)} yet`)
  return id
}
