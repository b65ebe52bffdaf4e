import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Actor } from '../../context.ts'
import type { LogEvent } from '../../events.ts'
import { authenticate } from '../accounts/authenticate.ts'
import { createTestApp, type TestApp } from '../../testing/test-app.ts'
import { verifyEvents } from '../../testing/verify-events.ts'

let app: TestApp
beforeEach(async () => {
  app = await createTestApp()
})
afterEach(() => app.close())

const who = (cookieHeader: string): Promise<Actor | null> =>
  authenticate(app.services.accounts, { cookieHeader })
const refused = (reason: string) => ({ cause: { reason } })
const types = (events: LogEvent[]) => events.map(({ type }) => type).sort()

test('a deactivated person is out: sessions and tokens end, and it is announced', async () => {
  const { ada, ben, dan } = app.people
  const { secret } = await dan.api.auth.tokens.create({ name: 'a script' })
  const authorization = `Bearer ${secret}`
  expect(await who(dan.cookieHeader)).not.toBeNull()
  expect(await authenticate(app.services.accounts, { authorization })).not.toBeNull()

  const world = { services: app.services, viewers: [ada, ben] }
  const shutOut = () => ada.api.people.deactivate({ personId: dan.user.id })
  const events = await verifyEvents(world, shutOut)
  expect(types(events)).toEqual(['person.updated', 'session.ended', 'token.revoked'])
  expect(events.map(({ actorId }) => actorId)).toEqual(events.map(() => ada.user.id))
  expect(await who(dan.cookieHeader)).toBeNull()
  await expect(authenticate(app.services.accounts, { authorization })).rejects.toMatchObject({
    reason: 'TOKEN_REFUSED',
  })
  await verifyEvents({ ...world, expect: 'nothing' }, shutOut)

  const letIn = () => ada.api.people.reactivate({ personId: dan.user.id })
  expect(types(await verifyEvents(world, letIn))).toEqual(['person.updated'])
  expect(await who(dan.cookieHeader)).toBeNull()
  await verifyEvents({ ...world, expect: 'nothing' }, letIn)
})

test('owners give roles, and one owner always stays', async () => {
  const { ada, ben, cleo } = app.people
  const world = { services: app.services, viewers: [ada, ben, cleo] }
  const demoteAda = () => ada.api.people.setRole({ personId: ada.user.id, role: 'member' })
  await expect(demoteAda()).rejects.toMatchObject(refused('LAST_OWNER'))
  await expect(ada.api.people.deactivate({ personId: ada.user.id })).rejects.toMatchObject(
    refused('LAST_OWNER'),
  )
  const makeOwner = () => ada.api.people.setRole({ personId: ben.user.id, role: 'owner' })
  expect(types(await verifyEvents(world, makeOwner))).toEqual(['person.updated'])
  await verifyEvents({ ...world, expect: 'nothing' }, makeOwner)
  await expect(demoteAda()).resolves.toMatchObject({ person: { role: 'member' } })
})

test('of two owners who leave the office at once, one keeps it', async () => {
  const { ada, ben } = app.people
  await ada.api.people.setRole({ personId: ben.user.id, role: 'owner' })
  const asOwner = (person: typeof ben) =>
    app.visitor({ actor: { ...person.actor, role: 'owner' } }).people.setRole({
      personId: person.user.id,
      role: 'member',
    })
  const answers = await Promise.allSettled([asOwner(ada), asOwner(ben)])
  expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  expect(answers.find(({ status }) => status === 'rejected')).toMatchObject({
    reason: refused('LAST_OWNER'),
  })
})

test('who may do what to whom', async () => {
  const { ada, ben, cleo, dan } = app.people
  await ada.api.people.setRole({ personId: ben.user.id, role: 'admin' })
  const admin = app.visitor({ actor: { ...ben.actor, role: 'admin' } })
  const notAllowed = refused('NOT_ALLOWED')
  const role = { personId: dan.user.id, role: 'admin' } as const

  await expect(cleo.api.people.setRole(role)).rejects.toMatchObject(notAllowed)
  await expect(admin.people.setRole(role)).rejects.toMatchObject(notAllowed)
  await expect(cleo.api.people.deactivate({ personId: dan.user.id })).rejects.toMatchObject(
    notAllowed,
  )
  await expect(admin.people.deactivate({ personId: ada.user.id })).rejects.toMatchObject(notAllowed)
  await expect(admin.people.deactivate({ personId: dan.user.id })).resolves.toMatchObject({
    person: { handle: 'dan' },
  })
  await expect(ada.api.people.setRole(role)).rejects.toMatchObject(notAllowed)
})

test('a role that was taken away does not count any more, on a connection that still has it', async () => {
  const { ada, ben, dan } = app.people
  await ada.api.people.setRole({ personId: ben.user.id, role: 'admin' })
  const stale = app.visitor({ actor: { ...ben.actor, role: 'admin' } })
  await expect(stale.server.invitations.create({})).resolves.toBeDefined()
  await ada.api.people.setRole({ personId: ben.user.id, role: 'member' })
  for (const ask of [
    () => stale.people.deactivate({ personId: dan.user.id }),
    () => stale.server.invitations.create({}),
  ])
    await expect(ask()).rejects.toMatchObject(refused('NOT_ALLOWED'))
})
