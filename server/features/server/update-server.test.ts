import { afterAll, beforeAll, expect, test } from 'vitest'
import { httpLimits } from '../../http/limits.ts'
import { socketLimits } from '../../http/sockets/limits.ts'
import { createTestApp, type TestApp } from '../../testing/test-app.ts'
import { verifyEvents } from '../../testing/verify-events.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp({ env: { PUBLIC_URL: 'https://chat.example.org' } })
})
afterAll(() => app.close())

const notAllowed = { code: 'FORBIDDEN', cause: { reason: 'NOT_ALLOWED' } }

test('the owner names the server and says who may come; everyone hears of it', async () => {
  const { ada, ben } = app.people
  const world = { services: app.services, viewers: [ada, ben] }
  const change = () =>
    ada.api.server.update({
      name: 'High Fliers',
      signUp: 'domains',
      signUpDomains: ['example.org', 'Example.ORG', 'fliers.example'],
    })
  const events = await verifyEvents(world, change)
  expect(events.map(({ type }) => type)).toEqual(['server.updated'])
  await verifyEvents({ ...world, expect: 'nothing' }, change)
  expect((await ben.api.server.get()).server).toMatchObject({
    name: 'High Fliers',
    signUp: 'domains',
    signUpDomains: ['example.org', 'fliers.example'],
  })
  expect(await app.visitor().system.info()).toMatchObject({
    name: 'High Fliers',
    signUp: 'domains',
    fresh: false,
  })
})

test('sign-up by domain without a domain would let nobody in, and is refused', async () => {
  await expect(
    app.people.ada.api.server.update({ signUp: 'domains', signUpDomains: [] }),
  ).rejects.toMatchObject({ cause: { reason: 'INPUT_INVALID' } })
})

test('nobody but the owner changes the server', async () => {
  const { ada, ben } = app.people
  await expect(ben.api.server.update({ name: 'Mine' })).rejects.toMatchObject(notAllowed)
  await ada.api.people.setRole({ personId: ben.user.id, role: 'admin' })
  const admin = app.visitor({ actor: { ...ben.actor, role: 'admin' } })
  await expect(admin.server.update({ name: 'Mine' })).rejects.toMatchObject(notAllowed)
})

test('what the server says of its limits is what it holds to', async () => {
  const info = await app.visitor().system.info()
  expect(info.limits).toEqual({
    messageLength: 10_000,
    batchCalls: httpLimits.batchCalls,
    requestBytes: httpLimits.apiBodyBytes,
    callBytes: socketLimits.callBytes,
    callsPerSecond: app.services.env.CALLS_PER_SECOND,
    frameBytes: socketLimits.frameBytes,
    subscriptionsPerSocket: socketLimits.subscriptions,
    socketsPerPerson: socketLimits.socketsPerPerson,
  })
  expect(info).toMatchObject({ epoch: app.services.server.epoch, features: { nats: false } })
})

test('an invitation is a link that is shown once', async () => {
  const { ada, cleo } = app.people
  const { code, url, invitation } = await ada.api.server.invitations.create({ note: 'for Fay' })
  expect(url).toBe(`https://chat.example.org/join/${code}`)
  expect(invitation).toMatchObject({ note: 'for Fay', uses: 0, maxUses: null, revokedAt: null })
  const hours =
    (Date.parse(invitation.expiresAt ?? '') - Date.parse(invitation.createdAt)) / 3_600_000
  expect(hours).toBeCloseTo(168, 1)
  const { invitations } = await ada.api.server.invitations.list()
  expect(invitations).toEqual([invitation])
  expect(JSON.stringify(invitations)).not.toContain(code)
  for (const asking of [
    cleo.api.server.invitations.create({}),
    cleo.api.server.invitations.list(),
    cleo.api.server.invitations.revoke({ invitationId: invitation.id }),
  ])
    await expect(asking).rejects.toMatchObject(notAllowed)

  const revoke = () => ada.api.server.invitations.revoke({ invitationId: invitation.id })
  await revoke()
  const [revoked] = (await ada.api.server.invitations.list()).invitations
  expect(revoked?.revokedAt).not.toBeNull()
  await revoke()
  expect((await ada.api.server.invitations.list()).invitations[0]).toEqual(revoked)
  await expect(
    ada.api.server.invitations.revoke({ invitationId: ada.user.id }),
  ).rejects.toMatchObject({ cause: { reason: 'INVITATION_NOT_FOUND' } })
})
