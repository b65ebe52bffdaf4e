import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import type { ThreadKind } from '../features/threads/threads.schema.ts'
import { say, startThread } from './start-thread.ts'
import type { TestApp } from './test-app.ts'
import type { VerifiedMutation } from './verified-mutations.ts'
import { verifyEvents } from './verify-events.ts'

/** Ada and Ben are in the thread, Cleo comes and goes, Dan is the outsider. */
function stage(app: TestApp) {
  const { ada, ben, cleo, dan } = app.people
  return { ada, ben, cleo, dan, check: { services: app.services, viewers: [ada, ben, cleo, dan] } }
}

const nothing = { expect: 'nothing' } as const

export const threadMutations: Record<string, VerifiedMutation> = {
  'threads.create': {
    async verify(app) {
      const { ada, ben, cleo, check } = stage(app)
      for (const kind of ['open', 'private', 'direct'] satisfies ThreadKind[]) {
        const input = {
          clientId: randomUUID(),
          kind,
          participantIds: [ben.user.id, cleo.user.id],
          ...(kind === 'direct' ? {} : { title: 'Spare parts', topic: 'Valves' }),
        }
        await verifyEvents(check, () => ada.api.threads.create(input))
        await verifyEvents({ ...check, ...nothing }, () => ada.api.threads.create(input))
      }
    },
  },

  'threads.join': {
    async verify(app) {
      const { ada, ben, cleo, check } = stage(app)
      const { id: threadId } = await startThread(ada, 'open', [ben])
      await say(ben, threadId, 'before @cleo came')
      await verifyEvents(check, () => cleo.api.threads.join({ threadId }))
      await say(ben, threadId, 'hello @cleo')
      await verifyEvents({ ...check, ...nothing }, () => cleo.api.threads.join({ threadId }))
      await cleo.api.threads.leave({ threadId })
      await verifyEvents(check, () => cleo.api.threads.join({ threadId }))
    },
  },

  'threads.leave': {
    async verify(app) {
      const { ada, ben, cleo, check } = stage(app)
      const { id: threadId } = await startThread(ada, 'open', [ben, cleo])
      await say(ben, threadId, 'hello @ada')
      await verifyEvents(check, () => cleo.api.threads.leave({ threadId }))
      await verifyEvents({ ...check, ...nothing }, () => cleo.api.threads.leave({ threadId }))
      const events = await verifyEvents(check, () => ada.api.threads.leave({ threadId }))
      expect(events.map((event) => event.type)).toEqual([
        'participant.role-changed',
        'participant.left',
        'participation.ended',
      ])
    },
  },

  'threads.update': {
    async verify(app) {
      const { ada, ben, check } = stage(app)
      for (const kind of ['open', 'private'] satisfies ThreadKind[]) {
        const { id: threadId } = await startThread(ada, kind, [ben])
        const input = { threadId, title: 'Launch plans, spring', topic: 'Wind permitting' }
        await verifyEvents(check, () => ada.api.threads.update(input))
        await verifyEvents({ ...check, ...nothing }, () => ada.api.threads.update(input))
        await verifyEvents({ ...check, ...nothing }, () => ada.api.threads.update({ threadId }))
      }
    },
  },

  'threads.archive': {
    async verify(app) {
      const { ada, ben, check } = stage(app)
      for (const kind of ['open', 'private'] satisfies ThreadKind[]) {
        const { id: threadId } = await startThread(ada, kind, [ben])
        for (const archived of [true, false]) {
          const archive = () => ada.api.threads.archive({ threadId, archived })
          await verifyEvents(check, archive)
          await verifyEvents({ ...check, ...nothing }, archive)
        }
      }
    },
  },

  'threads.markRead': {
    async verify(app) {
      const { ada, ben, check } = stage(app)
      const { id: threadId } = await startThread(ada, 'private', [ben])
      const first = await say(ada, threadId, 'hello @ben')
      const second = await say(ada, threadId, 'and @ben again')
      await verifyEvents(check, () => ben.api.threads.markRead({ threadId, seq: first.seq }))
      await verifyEvents(check, () => ben.api.threads.markRead({ threadId, seq: 1_000_000 }))
      await verifyEvents({ ...check, ...nothing }, () =>
        ben.api.threads.markRead({ threadId, seq: second.seq }),
      )
    },
  },

  'threads.markUnread': {
    async verify(app) {
      const { ada, ben, check } = stage(app)
      const { id: threadId } = await startThread(ada, 'private', [ben])
      await say(ada, threadId, 'one')
      const { seq } = await say(ada, threadId, 'two, @ben')
      await say(ada, threadId, 'three')
      await ben.api.threads.markRead({ threadId, seq: 1_000 })
      await verifyEvents(check, () => ben.api.threads.markUnread({ threadId, seq }))
      await verifyEvents({ ...check, ...nothing }, () =>
        ben.api.threads.markUnread({ threadId, seq }),
      )
    },
  },

  'threads.participants.add': {
    async verify(app) {
      const { ada, ben, cleo, dan, check } = stage(app)
      for (const kind of ['open', 'private'] satisfies ThreadKind[]) {
        const { id: threadId } = await startThread(ada, kind, [ben])
        await say(ada, threadId, 'before they came')
        const add = () =>
          ben.api.threads.participants.add({
            threadId,
            userIds: [cleo.user.id, ben.user.id, dan.user.id],
          })
        await verifyEvents(check, add)
        await verifyEvents({ ...check, ...nothing }, add)
      }
    },
  },

  'threads.participants.remove': {
    async verify(app) {
      const { ada, ben, cleo, check } = stage(app)
      const { id: threadId } = await startThread(ada, 'private', [ben, cleo])
      await say(cleo, threadId, 'what about @ben?')
      const remove = (userId: string) => () =>
        ada.api.threads.participants.remove({ threadId, userId })
      await verifyEvents(check, remove(cleo.user.id))
      await verifyEvents({ ...check, ...nothing }, remove(cleo.user.id))
      await verifyEvents(check, remove(ada.user.id))
    },
  },

  'threads.participants.setRole': {
    async verify(app) {
      const { ada, ben, check } = stage(app)
      const { id: threadId } = await startThread(ada, 'private', [ben])
      for (const role of ['moderator', 'owner', 'guest'] as const) {
        const set = () =>
          ada.api.threads.participants.setRole({ threadId, userId: ben.user.id, role })
        await verifyEvents(check, set)
        await verifyEvents({ ...check, ...nothing }, set)
      }
    },
  },
}
