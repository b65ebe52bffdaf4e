import { randomUUID } from 'node:crypto'
import { say, startThread } from './start-thread.ts'
import type { VerifiedMutation } from './verified-mutations.ts'
import { verifyEvents } from './verify-events.ts'

const nothing = { expect: 'nothing' } as const

/** Ada, Ben and Cleo are in the thread, Dan is the outsider. */
export const messageMutations: Record<string, VerifiedMutation> = {
  'messages.send': {
    async verify({ services, people: { ada, ben, cleo, dan } }) {
      const check = { services, viewers: [ada, ben, cleo, dan] }
      const { id: threadId } = await startThread(ada, 'private', [ben, cleo])
      for (const text of ['hello', '@ben and @dan, have you seen @cleo?', '```\n@ben\n```']) {
        const input = { threadId, clientId: randomUUID(), text }
        await verifyEvents(check, () => ada.api.messages.send(input))
        await verifyEvents({ ...check, ...nothing }, () => ada.api.messages.send(input))
      }
    },
  },

  'messages.edit': {
    async verify({ services, people: { ada, ben, cleo, dan } }) {
      const check = { services, viewers: [ada, ben, cleo, dan] }
      const { id: threadId } = await startThread(ada, 'private', [ben, cleo])
      const { id: messageId } = await say(ada, threadId, 'hello @ben')
      const edit = { messageId, text: 'hello @cleo', clientId: randomUUID() }
      await verifyEvents(check, () => ada.api.messages.edit(edit))
      await verifyEvents({ ...check, ...nothing }, () => ada.api.messages.edit(edit))
      await say(ben, threadId, 'something newer')
      await verifyEvents(check, () => ada.api.messages.edit({ messageId, text: 'hello both' }))
      await verifyEvents({ ...check, ...nothing }, () =>
        ada.api.messages.edit({ messageId, text: 'hello both' }),
      )
      await verifyEvents({ ...check, ...nothing }, () => ada.api.messages.edit(edit))
    },
  },

  'messages.delete': {
    async verify({ services, people: { ada, ben, cleo, dan } }) {
      const check = { services, viewers: [ada, ben, cleo, dan] }
      const { id: threadId } = await startThread(ada, 'private', [ben, cleo])
      const { id: messageId } = await say(ben, threadId, 'not for @cleo')
      await say(cleo, threadId, 'what was that?')
      await ben.api.messages.edit({ messageId, text: 'really not for @cleo' })
      await verifyEvents(check, () => ben.api.messages.delete({ messageId }))
      await verifyEvents({ ...check, ...nothing }, () => ben.api.messages.delete({ messageId }))
      const last = await say(cleo, threadId, 'and this, @ben?')
      await verifyEvents(check, () => ada.api.messages.delete({ messageId: last.id }))
    },
  },
}
