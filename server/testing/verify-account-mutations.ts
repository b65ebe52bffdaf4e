import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import type { LogEvent } from '../events.ts'
import { addPerson, testContext, testPassword, type TestPerson } from './factories.ts'
import { say, startThread } from './start-thread.ts'
import type { TestApp } from './test-app.ts'
import type { VerifiedMutation } from './verified-mutations.ts'
import { verifyEvents } from './verify-events.ts'
import { createCaller } from '../router.ts'

const nothing = { expect: 'nothing' } as const

function stage({ services, people: { ada, ben, cleo } }: TestApp) {
  return { ada, ben, cleo, services, check: { services, viewers: [ada, ben, cleo] } }
}

/** Another device of the same person. */
async function signInAgain(app: TestApp, { user }: TestPerson): Promise<void> {
  const api = createCaller(testContext(app.services))
  await api.auth.signIn({ email: user.email ?? '', password: testPassword })
}

const types = (events: readonly LogEvent[]) => events.map((event) => event.type)

/** What ends a session or a token says so on its owner's stream, so that open sockets close on every instance. */
export const accountMutations: Record<string, VerifiedMutation> = {
  'auth.signUp': {
    async verify(app) {
      const { check } = stage(app)
      const events = await verifyEvents(check, () =>
        app.visitor().auth.signUp({
          email: 'newcomer@example.org',
          password: 'a long walk by the canal',
          name: 'New Comer',
          handle: 'newcomer',
        }),
      )
      expect(types(events)).toEqual([
        'person.joined',
        'participant.joined',
        'participation.started',
      ])
    },
  },
  'auth.signIn': { noSharedFact: 'a session is its owner’s own; nobody is told that it began' },
  'auth.signOut': {
    async verify(app) {
      const { ada, check } = stage(app)
      const events = await verifyEvents(check, () => ada.api.auth.signOut())
      expect(types(events)).toEqual(['session.ended'])
    },
  },
  'auth.changePassword': {
    async verify(app) {
      const { ada, check } = stage(app)
      await signInAgain(app, ada)
      const events = await verifyEvents(check, () =>
        ada.api.auth.changePassword({
          currentPassword: testPassword,
          newPassword: 'five geese over the lake',
        }),
      )
      expect(types(events)).toEqual(['session.ended'])
    },
  },
  'auth.sessions.revoke': {
    async verify(app) {
      const { ada, check } = stage(app)
      await signInAgain(app, ada)
      const { sessions } = await ada.api.auth.sessions.list()
      const other = sessions.find((session) => !session.current)
      const events = await verifyEvents(check, () =>
        ada.api.auth.sessions.revoke({ sessionId: other?.id ?? '' }),
      )
      expect(events).toMatchObject([
        { type: 'session.ended', stream: ada.user.id, payload: { sessionId: other?.id } },
      ])
    },
  },
  'auth.sessions.revokeOthers': {
    async verify(app) {
      const { ada, check } = stage(app)
      await verifyEvents({ ...check, ...nothing }, () => ada.api.auth.sessions.revokeOthers())
      await signInAgain(app, ada)
      await signInAgain(app, ada)
      const events = await verifyEvents(check, () => ada.api.auth.sessions.revokeOthers())
      expect(types(events)).toEqual(['session.ended', 'session.ended'])
    },
  },
  'auth.tokens.create': { noSharedFact: 'a token is its owner’s own; nobody is told that it is' },
  'auth.tokens.revoke': {
    async verify(app) {
      const { ada, check } = stage(app)
      const { token } = await ada.api.auth.tokens.create({ name: 'a bot of mine' })
      const events = await verifyEvents(check, () =>
        ada.api.auth.tokens.revoke({ tokenId: token.id }),
      )
      expect(types(events)).toEqual(['token.revoked'])
    },
  },
}

/** Ben has spoken everywhere, so that his name stands in many places. */
async function letBenSpeak(app: TestApp): Promise<void> {
  const { ada, ben, cleo } = app.people
  const shared = await startThread(ada, 'private', [ben, cleo])
  const direct = await startThread(ben, 'direct', [ada])
  await say(ben, shared.id, 'hello')
  await say(ben, direct.id, 'hello')
}

export const peopleMutations: Record<string, VerifiedMutation> = {
  'people.updateProfile': {
    async verify(app) {
      const { ben, check } = stage(app)
      await letBenSpeak(app)
      const update = () =>
        ben.api.people.updateProfile({ name: 'Benjamin', handle: 'benji', title: 'Pilot' })
      await verifyEvents(check, update)
      await verifyEvents({ ...check, ...nothing }, update)
    },
  },
  'people.setStatus': {
    async verify(app) {
      const { ben, check } = stage(app)
      const until = new Date(Date.now() + 3_600_000).toISOString()
      await verifyEvents(check, () =>
        ben.api.people.setStatus({ text: 'On the field', emoji: '🎈', until }),
      )
      await verifyEvents(check, () => ben.api.people.setStatus({}))
      await verifyEvents({ ...check, ...nothing }, () => ben.api.people.setStatus({}))
    },
  },
  'people.setRole': {
    async verify(app) {
      const { ada, ben, check } = stage(app)
      const set = () => ada.api.people.setRole({ personId: ben.user.id, role: 'admin' })
      await verifyEvents(check, set)
      await verifyEvents({ ...check, ...nothing }, set)
    },
  },
  'people.deactivate': {
    async verify(app) {
      const { ada, check } = stage(app)
      const leaver = await addPerson(app.services, 'Leaver')
      const deactivate = () => ada.api.people.deactivate({ personId: leaver.user.id })
      const events = await verifyEvents(check, deactivate)
      expect(types(events)).toContain('session.ended')
      await verifyEvents({ ...check, ...nothing }, deactivate)
    },
  },
  'people.reactivate': {
    async verify(app) {
      const { ada, check } = stage(app)
      const leaver = await addPerson(app.services, 'Leaver')
      await ada.api.people.deactivate({ personId: leaver.user.id })
      const reactivate = () => ada.api.people.reactivate({ personId: leaver.user.id })
      await verifyEvents(check, reactivate)
      await verifyEvents({ ...check, ...nothing }, reactivate)
    },
  },
}

export const serverMutations: Record<string, VerifiedMutation> = {
  'server.update': {
    async verify(app) {
      const { ada, check } = stage(app)
      const update = () => ada.api.server.update({ name: `Halcyon ${randomUUID().slice(0, 8)}` })
      await verifyEvents(check, update)
      const same = { signUp: 'domains' as const, signUpDomains: ['example.org'] }
      await verifyEvents(check, () => ada.api.server.update(same))
      await verifyEvents({ ...check, ...nothing }, () => ada.api.server.update(same))
    },
  },
  'server.invitations.create': { noSharedFact: 'only admins see invitations, when they ask' },
  'server.invitations.revoke': { noSharedFact: 'only admins see invitations, when they ask' },
}

export const hintMutations: Record<string, VerifiedMutation> = {
  'hints.send': { noSharedFact: 'hints are never stored; they are no facts' },
}
